// faas-js-runtime describes what a function sees, not its own modules.
declare module 'faas-js-runtime/lib/context' {
  class Context {
    constructor(request: object);
    [name: string]: any;
  }
  export = Context;
}

declare module 'faas-js-runtime/lib/function-loader' {
  export function loadFunction(file: string): Promise<any>;
}
