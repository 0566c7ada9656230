# SPDX-License-Identifier: Apache-2.0
"""A process that ends at one of its calls to Glance."""

from itertools import count


class Killed(BaseException):
    """The process ends here."""


def killing(patched, call, done, *functions):
    """Ends the process at the call of this number of these functions.

    :param done: whether Glance still gets that call
    :param functions: each a module and the name of a function in it
    """
    calls = count()

    def killed(function):
        def wrapper(*args):
            if next(calls) != call:
                return function(*args)
            if done:
                function(*args)
            raise Killed()

        return wrapper

    for module, name in functions:
        patched.setattr(module, name, killed(getattr(module, name)))
