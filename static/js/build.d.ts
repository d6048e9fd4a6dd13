/** Constants that build.mjs puts in place of these names. */

/** Address of the bundled photo worker, a module: `new Worker(PHOTO_WORKER_URL, { type: 'module' })`. */
declare const PHOTO_WORKER_URL: string;

/** Address of the hints «можно мягче» (curator_app/texts/wording.toml), fetched when «Проверьте» first opens. */
declare const WORDING_URL: string;

/** The app shell, for the service worker only: every file it needs to open without a network. */
declare const SHELL: { version: string; urls: string[] };
/** What a notification says when its message cannot be read, for the service worker only. */
declare const PUSH_WORDS: { title: string, generic: string };

/** The picture beside it. */
declare const PUSH_ICON: string;

/** A short name of the sources that this build was made from; absent where the sources run as they are. */
declare const BUILD: string | undefined;
