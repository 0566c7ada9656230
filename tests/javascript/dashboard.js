// SPDX-License-Identifier: Apache-2.0
// The panel's uploads on a page, and in place of the dashboard what a test says.
import {openPage} from './page.js';

const ID = '6b1c0e62-0000-4000-8000-000000000001';
const SCRIPTS = [
  'base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/image_api.js', 'base/enhance.js', 'base/refresh.js',
  'base/watch.js', 'create/file_bytes.js',
  'publish/steps.js', 'transfers/queue.js', 'transfers/transfer.js', 'transfers/transfer_polling.js',
  'transfers/transfer_publishing.js', 'transfers/transfer_deletion.js', 'transfers/transfer_sending.js',
];

export class Dashboard {
  constructor() {
    this.window = openPage(SCRIPTS);
    this.hip = this.window.horizon.helionImages;
    // What is known of each image, by ID; the requests that came; the uploads.
    this.images = {};
    this.project = '';
    // Whether the file was changed or removed after it was chosen.
    this.fileChanged = false;
    this.requests = [];
    this.uploads = [];
    // For a request that is not about images: (url, options) => Response or nothing.
    this.answer = () => undefined;
    this.window.fetch = async (url, options) => this.#fetch(url, options);
    this.hip.isChecking = () => false;
    this.hip.upload = (target, file, handlers) => {
      const upload = {...handlers, target, file, aborted: false, abort: () => { upload.aborted = true; }};
      this.uploads.push(upload);
      return upload;
    };
  }

  #fetch(url, options) {
    this.requests.push({url, ...options});
    const answer = this.answer(url, options);
    if (answer) {
      return answer;
    }
    if (url.startsWith('/progress/')) {
      const ids = new URL(url, 'https://x').searchParams.getAll('id');
      return json({images: ids.flatMap((id) => this.images[id] ?? []), project: this.project});
    }
    return json({});
  }

  // An image is made, with this file of so many bytes, or with none.
  begin(size, steps = {}) {
    const id = steps.id ?? ID;
    this.hip.queue.add({
      id, name: 'An image', created: true, upload_url: `/upload/${id}/`, progress_url: '/progress/', index_url: '/images/',
      project_id: 'p1', project_name: 'acme-web', ...steps,
    }, size === null ? null : {size, name: 'disk.qcow2', slice: () => ({arrayBuffer: () => this.#read()})});
    this.say({id});
    return this.hip.queue.all().find((transfer) => transfer.id === id);
  }

  async #read() {
    if (this.fileChanged) {
      throw new Error('The file was changed.');
    }
    return new ArrayBuffer(1);
  }

  // From now on this is known of the image.
  say(state) {
    const id = state.id ?? ID;
    this.images[id] = {id, status: 'queued', in_progress: false, ...state};
  }

  forget(id = ID) {
    delete this.images[id];
  }

  get upload() {
    return this.uploads.at(-1);
  }
}

export function json(answer, status = 200) {
  return new Response(JSON.stringify(answer), {status});
}

export {ID};
