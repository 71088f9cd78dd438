import DevFTTensor

extension PEFTAdapter {
  /// Number of classes; `nil` for a decoder's adapter.
  public var labelCount: Int? {
    configuration.encoder.flatMap { head["\($0.headOutput).weight"]?.rowCount }
  }

  /// Checks that an encoder's adapter has its family's head, and a decoder's none.
  func checkHead() throws(FormatError) {
    guard let encoder = configuration.encoder else {
      guard head.count == 0 else {
        throw FormatError(.malformed, "an adapter of a decoder holds \(head.names[0])")
      }
      return
    }
    let output = "\(encoder.headOutput).weight"
    guard let weight = head[output], weight.shape.count == 2 else {
      throw FormatError(.missing, "the adapter has no matrix \(output)")
    }
    let shapes = encoder.headShapes(width: weight.columnCount, labelCount: weight.rowCount)
    for (name, expected) in shapes.sorted(by: { $0.key < $1.key }) {
      guard let shape = head[name]?.shape else {
        throw FormatError(.missing, "the adapter has no tensor \(name)")
      }
      guard shape == expected else {
        throw FormatError(
          .malformed,
          "tensor \(name) of the adapter has the shape \(shape), expected \(expected)"
        )
      }
    }
    guard head.count == shapes.count else {
      throw FormatError(
        .malformed,
        "the head of the adapter holds \(head.count) tensors, expected \(shapes.count)"
      )
    }
  }
}
