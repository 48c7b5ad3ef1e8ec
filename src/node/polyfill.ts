/** Promise.withResolvers for Node 20: libp2p calls it, and it is all that Node 20 lacks of what libp2p uses. */
if (typeof Promise.withResolvers !== 'function') {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value<Value>(this: PromiseConstructor): PromiseWithResolvers<Value> {
      let resolve: PromiseWithResolvers<Value>['resolve'] = () => {}
      let reject: PromiseWithResolvers<Value>['reject'] = () => {}
      const promise = new this<Value>((resolvePromise, rejectPromise) => {
        resolve = resolvePromise
        reject = rejectPromise
      })
      return { promise, resolve, reject }
    }
  })
}

export {}
