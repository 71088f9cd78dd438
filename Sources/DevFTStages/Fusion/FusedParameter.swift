import DevFTTensor

/// One parameter of a representative layer, of which any rows can be built.
struct FusedParameter<Source: LayerSource> {
  let parameter: LayerParameter
  /// The layers that it is made from, and their weights; the anchor comes first.
  private let members: [(layer: Int, weight: Double)]
  /// What the sum is multiplied by.
  private let factor: Double
  private let source: Source

  /// Numbers of a layer that one task reads: two of its arrays fit the second cache, and what it
  /// reads of a file is long enough to be handed back.
  private static var numbersAtATime: Int { 1 << 17 }

  /// Prepares the fusion of one parameter; for `dblf-rescaled` its norms are computed.
  ///
  /// - Parameters:
  ///   - name: Name of the parameter.
  ///   - group: The members, ascending; the first one is the anchor.
  ///   - fusion: How they become one.
  ///   - source: The layers.
  /// - Throws: `StagesError` with code `layersDiffer` when shapes differ, and what the source throws.
  init(_ name: String, group: [Int], fusion: LayerFusion, source: Source) throws {
    precondition(!group.isEmpty, "a group has at least one layer")
    let parameter = try LayerParameter(name, of: source)
    let weights = fusion.coefficients(groupSize: group.count)
    let members = zip(group, weights).map { (layer: $0, weight: $1) }
    self.parameter = parameter
    self.source = source
    guard group.count > 1, fusion.takesMembers(parameter.kind) else {
      self.members = [(group[0], 1)]
      factor = 1
      return
    }
    self.members = [members[0]] + members.dropFirst().filter { $0.weight != 0 }
    let isRescaled = fusion.kind == .rescaled && parameter.shape.count > 1
    factor = isRescaled ? try Self.factor(parameter, self.members, source) : 1
  }

  /// Builds some rows, in blocks on several threads.
  ///
  /// - Parameter rows: Range along the first axis; all of a vector.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `StagesError` with code `layersDiffer` when shapes differ, and what the source throws.
  func rows(_ rows: Range<Int>) throws -> Tensor {
    let shape = parameter.shape.isEmpty ? [] : [rows.count] + parameter.shape.dropFirst()
    var result = Tensor(uninitialisedShape: shape)
    let blocks = parameter.ranges(ofAbout: Self.numbersAtATime, in: rows)
    try unsafe result.elements.withUnsafeMutableBufferPointer { target in
      _ = try parallelMap(blocks.count) { index in
        let places = parameter.places(of: blocks[index], from: rows.lowerBound)
        // SAFETY: the blocks' places follow one another and together are those of all rows.
        let part = unsafe UnsafeMutableBufferPointer(rebasing: target[places])
        try unsafe write(blocks[index], into: part)
      }
    }
    return result
  }

  private func write(_ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) throws {
    guard members.count > 1 else {
      let own = try parameter.read(rows, layer: members[0].layer, from: source)
      // SAFETY: both hold the numbers of the rows.
      _ = unsafe target.update(fromContentsOf: own.elements)
      return
    }
    let sum = try Self.sum(rows, parameter, members, source)
    unsafe sum.round(into: target, factor: factor)
  }

  private static func sum(
    _ rows: Range<Int>,
    _ parameter: LayerParameter,
    _ members: [(layer: Int, weight: Double)],
    _ source: Source
  ) throws -> WeightedSum {
    let anchor = try parameter.read(rows, layer: members[0].layer, from: source)
    var sum = WeightedSum(anchor, weight: members[0].weight)
    for member in members.dropFirst() {
      sum.add(
        try parameter.read(rows, layer: member.layer, from: source),
        weight: member.weight
      )
    }
    return sum
  }

  /// What gives the sum the Frobenius norm of the anchor; 1 for a sum of zeros.
  private static func factor(
    _ parameter: LayerParameter,
    _ members: [(layer: Int, weight: Double)],
    _ source: Source
  ) throws -> Double {
    let blocks = parameter.ranges(ofAbout: numbersAtATime)
    let squares = try parallelMap(blocks.count) { index in
      let anchor = try parameter.read(blocks[index], layer: members[0].layer, from: source)
      return (
        anchor: WeightedSum(anchor, weight: 1).squaredNorm,
        sum: try sum(blocks[index], parameter, members, source).squaredNorm
      )
    }
    let whole = squares.reduce(0) { $0 + $1.sum }
    return whole > 0 ? (squares.reduce(0) { $0 + $1.anchor } / whole).squareRoot() : 1
  }
}
