import DevFTFormats

/// What stands on top of the layers: the vocabulary of a decoder, the classes of an encoder.
extension StepCost {
  /// Numbers of an encoder's head, which are trained; 0 for a decoder.
  var headParameterCount: Int {
    guard let encoder = architecture.encoder else { return 0 }
    return encoder.family.headShapes(width: architecture.width, labelCount: classCount).values
      .reduce(0) { $0 + $1.reduce(1, *) }
  }

  /// Multiplications and additions for one target, forward and backward.
  ///
  /// A decoder's: `2 · 2 V D`. An encoder's with C classes: `2 · 2 (D² + C D)`, and once more `2 C D`, in
  /// RoBERTa `2 (D² + C D)`, for the gradients of what is trained.
  var headOperations: Double {
    let width = architecture.width
    guard let encoder = architecture.encoder else {
      return Double(4 * architecture.vocabularySize) * Double(width)
    }
    let (inner, output) = (width * width, classCount * width)
    let trained = encoder.family.trainsHeadInner ? inner + output : output
    return Double(2 * (2 * (inner + output) + trained))
  }
}
