import DevFTTensor

/// Calls a function for every index, spread over the threads of the calling thread.
///
/// - Parameters:
///   - count: Number of indices, at least 0.
///   - body: Called with each index below `count`, in no particular order.
/// - Returns: The results in the order of their indices.
/// - Throws: What the lowest index that failed threw, after all calls.
func parallelMap<Value, Failure: Error>(
  _ count: Int,
  _ body: (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  var results = [Result<Value, Failure>?](repeating: nil, count: count)
  unsafe results.withUnsafeMutableBufferPointer { results in
    parallelFor(count) { index in
      // SAFETY: every index is visited once and writes its own element.
      unsafe results[index] = Result { () throws(Failure) in try body(index) }
    }
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  for result in results {
    if let result { values.append(try result.get()) }
  }
  return values
}
