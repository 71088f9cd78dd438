extension Tensor {
  /// Lends the address of the first number, for writing.
  ///
  /// - Parameter body: Called once; the address is valid only inside.
  /// - Precondition: The tensor is not empty.
  package mutating func withMutablePointer(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    unsafe elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an empty tensor \(shape)") }
      unsafe body(base)
    }
  }
}

/// Lends the addresses of the first numbers of several tensors, for reading.
///
/// - Parameters:
///   - tensors: The tensors, none empty.
///   - body: Called once with as many addresses; they are valid only inside.
package func withPointers(
  to tensors: [Tensor],
  _ body: ([UnsafePointer<Float>]) -> Void
) {
  func lend(_ index: Int, _ found: [UnsafePointer<Float>]) {
    guard index < tensors.count else { return unsafe body(found) }
    unsafe tensors[index].elements.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        preconditionFailure("tensor \(index) of \(tensors.count) is empty")
      }
      unsafe lend(index + 1, found + [base])
    }
  }
  unsafe lend(0, [])
}
