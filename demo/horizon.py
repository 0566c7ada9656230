# SPDX-License-Identifier: Apache-2.0
"""Horizon: the dashboard, with the plugin's panels in the stock panels' place."""

import hashlib
import importlib.metadata
import importlib.util
import pprint
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from build_catalogues import compile_catalogues
from demo import REPOSITORY, accounts, catalogue
from demo.keystone import Keystone
from demo.ports import HOST
from demo.service import GunicornService, Service, ServiceFailed, search_path
from demo.state import State

PLUGIN = "helion_images_panel"
ENABLED = REPOSITORY / PLUGIN / "enabled"
HOME_ENABLED = Path(__file__).resolve().parent / "enabled"

SETTINGS_MODULE = '''\
"""Settings of the demo's dashboard, written at each start."""

from openstack_dashboard.local import enabled as _enabled

# Files of the same name as a stock panel's take its place.
_enabled.__path__.extend({enabled!r})

'''


class Horizon(GunicornService):
    """The dashboard.

    Nothing is written into the installed Horizon: the process finds a package
    ``local`` with its settings in the service's folder, ahead of Horizon's own.

    :param settings: Django settings to add or to put in place of the demo's
    :param stock: Horizon as it comes, without the plugin
    :param angular_images: whether a stock Horizon shows its AngularJS images panel
    :param reload: serves the working tree, with DEBUG: a changed file shows at the next request
    :param files: the file server of the cloud, whose URLs the dashboard checks
    """

    wsgi_app = "demo.dashboard:application"
    health_path = "/auth/login/"
    set_up_makes = ("static",)
    threads = 16

    def __init__(
        self,
        state: State,
        keystone: Keystone,
        *,
        settings: Mapping[str, Any] | None = None,
        stock: bool = False,
        angular_images: bool = True,
        reload: bool = False,
        name: str = "horizon",
        files: Service | None = None,
    ) -> None:
        super().__init__(state, name)
        self._keystone = keystone
        self._files = files
        self._extra_settings = dict(settings or {})
        self._stock = stock
        self._angular_images = angular_images
        self._reload = reload
        if reload:
            self.wsgi_app = "demo.reloading:application"

    def configure(self) -> None:
        super().configure()
        if not self._stock and plugin_folder() is None:
            raise ServiceFailed(self.name, f"cannot start: {PLUGIN} is not installed", "", self.log)
        compile_catalogues()
        package = self.folder / "local"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        enabled = [str(HOME_ENABLED)] if self._stock else [str(HOME_ENABLED), str(ENABLED)]
        text = SETTINGS_MODULE.format(enabled=enabled)
        for name, value in self._settings().items():
            text += f"{name} = {pprint.pformat(value)}\n"
        (package / "local_settings.py").write_text(text)

    def prepare(self) -> None:
        """What was collected for a dashboard that does not reload is left as it is."""
        if not self._reload:
            super().prepare()

    def fingerprint(self) -> str:
        """A digest of all that the compressed files are made from."""
        digest = hashlib.sha256()
        installed = {f"{each.name}=={each.version}" for each in importlib.metadata.distributions()}
        options = (
            sorted(installed),
            sorted(self._extra_settings.items()),
            self._stock,
            self._angular_images,
        )
        digest.update(repr(options).encode())
        for file in () if self._stock else _plugin_sources():
            digest.update(f"{file}\0".encode() + file.read_bytes())
        return digest.hexdigest()

    def set_up(self) -> None:
        """Collect and compress the static files."""
        shutil.rmtree(self.folder / "static", ignore_errors=True)
        self.run(sys.executable, "-m", "demo.staticfiles")

    def environment(self) -> Mapping[str, str]:
        return {
            **super().environment(),
            "PYTHONPATH": search_path(self.folder, REPOSITORY),
            "DJANGO_SETTINGS_MODULE": "openstack_dashboard.settings",
        }

    def _settings(self) -> dict[str, Any]:
        domains = (accounts.DEFAULT_DOMAIN, *accounts.DOMAINS)
        return {
            "DEBUG": False,
            "ALLOWED_HOSTS": [HOST, "localhost"],
            "SECRET_KEY": self.secret_key(),
            "OPENSTACK_HOST": HOST,
            "OPENSTACK_KEYSTONE_URL": self._keystone.auth_url,
            "OPENSTACK_ENDPOINT_TYPE": "publicURL",
            "OPENSTACK_KEYSTONE_MULTIDOMAIN_SUPPORT": True,
            "OPENSTACK_KEYSTONE_DEFAULT_DOMAIN": accounts.DEFAULT_DOMAIN,
            "OPENSTACK_KEYSTONE_DOMAIN_DROPDOWN": True,
            "OPENSTACK_KEYSTONE_DOMAIN_CHOICES": tuple((name, name) for name in domains),
            # Sessions in a cache, as most clouds have them, but in one that outlives a restart.
            "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
            "SESSION_CACHE_ALIAS": "sessions",
            "SESSION_TIMEOUT": 86400,
            "CACHES": {
                "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
                "sessions": {
                    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                    "LOCATION": str(self.folder / "sessions"),
                    "OPTIONS": {"MAX_ENTRIES": 10_000},
                },
            },
            "STATIC_ROOT": str(self.folder / "static"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "FILE_UPLOAD_TEMP_DIR": str(self._made("uploads")),
            "COMPRESS_OFFLINE": True,
            "ANGULAR_FEATURES": {"images_panel": self._stock and self._angular_images},
            "TIME_ZONE": "UTC",
            # Each form that is posted, and what became of each image, in one log.
            "OPERATION_LOG_ENABLED": True,
            "LOGGING": {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {
                    "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
                },
                "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
                "root": {"handlers": ["stderr"], "level": "INFO"},
                # It asks Neutron, which is not there, for each page.
                "loggers": {
                    "openstack_dashboard.dashboards.admin.rbac_policies.panel": {
                        "level": "CRITICAL"
                    }
                },
            },
            # An import that failed is seen to start again soon.
            "HELION_IMAGES_IMPORT_RETRY_S": 5,
            **self._url_check_settings(),
            **self._catalogue_settings(),
            **(self._reload_settings() if self._reload else {}),
            **self._extra_settings,
        }

    def _url_check_settings(self) -> dict[str, Any]:
        """The demo's file server is on loopback, which is no public address."""
        if self._files is None:
            return {}
        hosts, port = (HOST, "localhost"), self._files.port
        return {
            "HELION_IMAGES_URL_CHECK_HOSTS": [f"{host}:{port}" for host in hosts],
            "HELION_IMAGES_IMPORT_FILTERS": {"allowed_hosts": [*hosts], "allowed_ports": [port]},
        }

    def _catalogue_settings(self) -> dict[str, Any]:
        """Without requests to publishers: the demo, and its tests, need no network."""
        settings: dict[str, Any] = {"HELION_IMAGES_CATALOGUE_ACCESS": "off"}
        if self._files is None:
            return settings
        path = self.folder / "catalogue.yaml"
        catalogue.write(path, self._files.url)
        return {**settings, "HELION_IMAGES_CATALOGUE": ["official", str(path)]}

    def _reload_settings(self) -> dict[str, Any]:
        """With DEBUG Horizon reads templates anew for each request."""
        return {
            "DEBUG": True,
            "STATIC_ROOT": str(self.folder / "live"),
            "COMPRESS_ENABLED": False,
            "COMPRESS_OFFLINE": False,
            "COMPRESS_PRECOMPILERS": (("text/scss", "demo.stylesheets.RememberedScss"),),
        }

    def _made(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def secret_key(self) -> str:
        """One for all dashboards of the cloud, as for all hosts of a dashboard."""
        file = self.state.path / "secret_key"
        if not file.exists():
            file.write_text(secrets.token_hex(32))
        return file.read_text()


def plugin_folder() -> Path | None:
    """Where the plugin is imported from; None where it is not installed."""
    spec = importlib.util.find_spec(PLUGIN)
    return Path(spec.origin).parent if spec and spec.origin else None


def _plugin_sources() -> Iterator[Path]:
    """The plugin's files that go into what is compressed."""
    yield from sorted(ENABLED.glob("*.py"))
    if plugin := plugin_folder():
        for folder in ("static", "templates"):
            yield from sorted(path for path in (plugin / folder).rglob("*") if path.is_file())


def plugin_modules() -> Iterator[Path]:
    """The plugin's Python files, and those that put its panels in place."""
    if plugin := plugin_folder():
        yield from sorted(plugin.rglob("*.py"))
