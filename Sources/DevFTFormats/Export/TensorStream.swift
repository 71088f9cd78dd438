import DevFTTensor

/// Appends tensors of a model to a file, some rows at a time.
struct TensorStream {
  /// Numbers that are in memory together, unless one head is more.
  private static let numbersAtATime = 1 << 20

  /// The model.
  let weights: any ModelWeights
  /// Receives the bytes.
  let file: OutputFile

  /// Appends a tensor.
  ///
  /// - Parameters:
  ///   - name: Hugging Face's name.
  ///   - shape: Length of each axis.
  ///   - type: What its numbers are rounded to; a row is a whole number of blocks.
  ///   - isInterleaved: Whether the rows of each head go in the order of interleaved rotary pairs.
  /// - Throws: `FormatError` with code `unsupported` when the type cannot hold a number, or what
  ///   reading and writing throw.
  func append(
    _ name: String,
    shape: [Int],
    as type: StorageType,
    isInterleaved: Bool = false
  ) throws {
    let headWidth = weights.architecture.headWidth
    guard shape.count == 2 else {
      let vector = try weights.tensor(name)
      return try append(
        isInterleaved ? vector.interleavedHeads(ofWidth: headWidth) : vector,
        name,
        as: type
      )
    }
    let step = isInterleaved ? headWidth : 1
    let rowsPerPart = max(1, Self.numbersAtATime / max(1, shape[1]) / step) * step
    for start in stride(from: 0, to: shape[0], by: rowsPerPart) {
      let part = try weights.rows(start..<min(shape[0], start + rowsPerPart), of: name)
      try append(
        isInterleaved ? part.interleavedHeads(ofWidth: headWidth) : part,
        name,
        as: type
      )
    }
  }

  private func append(_ part: Tensor, _ name: String, as type: StorageType) throws {
    guard type.holds(part.elements) else {
      let reason =
        part.isFinite ? "a number is too large for \(type.rawValue)" : "a number is NaN or infinite"
      throw FormatError(.unsupported, "tensor \(name): \(reason)")
    }
    try file.write(type.encode(part.elements))
  }
}

extension Tensor {
  /// Rows of whole heads in the order of interleaved rotary pairs: row `i` of half `j` of a head
  /// becomes its row `2i + j`.
  ///
  /// - Parameter headWidth: Rows of a head, even; or numbers of a head in a bias.
  /// - Returns: A tensor of the same shape.
  func interleavedHeads(ofWidth headWidth: Int) -> Tensor {
    let count = shape.first ?? 1
    precondition(count % headWidth == 0, "\(count) rows are no whole heads of \(headWidth)")
    let order = (0..<count).map { row in
      let (head, within) = row.quotientAndRemainder(dividingBy: headWidth)
      return head * headWidth + within % 2 * headWidth / 2 + within / 2
    }
    return reshaped(to: [count, count == 0 ? 0 : self.count / count]).gatheredRows(order)
      .reshaped(to: shape)
  }
}
