import DevFTTensor

extension Tensor {
  /// Adds a function of a tensor, number by number.
  ///
  /// - Parameters:
  ///   - other: Of the same count.
  ///   - term: What to add.
  mutating func addEach(_ other: Tensor, _ term: (Float) -> Float) {
    precondition(other.count == count, "\(shape), \(other.shape)")
    let other = other.elements
    for index in elements.indices { elements[index] += term(other[index]) }
  }

  /// Adds a function of two tensors, number by number.
  ///
  /// - Parameters:
  ///   - first: Of the same count.
  ///   - second: Of the same count.
  ///   - term: What to add.
  mutating func addEach(_ first: Tensor, _ second: Tensor, _ term: (Float, Float) -> Float) {
    precondition(first.count == count && second.count == count, "\(shape), \(first.shape)")
    let (first, second) = (first.elements, second.elements)
    for index in elements.indices { elements[index] += term(first[index], second[index]) }
  }
}
