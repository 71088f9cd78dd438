public import DevFTFormats
public import DevFTTensor

/// The head that an encoder's training starts from: the file's, or a fresh one where it has none.
///
/// Fresh weights are normal with deviation 0.02, fresh biases 0, as `transformers` draws them; the numbers
/// differ.
///
/// - Parameters:
///   - file: The encoder.
///   - encoder: Its family and head.
///   - labelCount: Number of classes, that of the file's head if it has one.
///   - seed: Seed of the run; each tensor has a stream of its own.
/// - Returns: Such as `classifier.weight`, `[labels, D]`, and `classifier.bias`, `[labels]`.
/// - Throws: `FormatError` when a tensor cannot be read.
public func makeHead(
  _ file: any ModelFile,
  _ encoder: EncoderArchitecture,
  labelCount: Int,
  seed: UInt64
) throws -> NamedTensors {
  var head = NamedTensors()
  let shapes = encoder.family.headShapes(width: file.architecture.width, labelCount: labelCount)
  for (name, shape) in shapes {
    if encoder.headLabelCount != nil {
      head[name] = try file.tensor(name)
    } else if shape.count == 1 {
      head[name] = Tensor(shape: shape)
    } else {
      var stream = RandomStream(seed: seed, purpose: "head \(name)")
      head[name] = Tensor(
        shape: shape,
        elements: (0..<shape.reduce(1, *)).map { _ in Float(0.02 * stream.nextNormal()) }
      )
    }
  }
  return head
}
