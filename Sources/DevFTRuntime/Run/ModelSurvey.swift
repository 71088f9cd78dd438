import DevFTFederation
import DevFTModel
import DevFTStages
import DevFTTensor

/// Asks the base model what its layers do.
struct ModelSurvey: LayerSurvey {
  let setting: RunSetting
  let evaluation: HeldOutEvaluation
  let directory: RunDirectory

  /// `layers/similarity.json`: what the layers' outputs on public prompts have in common.
  private struct Record: Codable {
    var similarity: SimilarityMatrix
    /// Layers of each group, by the number of groups.
    var groups: [Int: LayerGroups]
  }

  /// Tokens that layers are compared on: a matrix of their products is kept for each layer.
  private static let tokenCount = 256
  private static let recordName = "layers/similarity.json"

  func groups(count: Int) throws -> [[Int]] {
    var record =
      try directory.read(Record.self, from: Self.recordName)
      ?? Record(similarity: try outputSimilarity(), groups: [:])
    var grouping = StageConstruction(.robust).grouping
    // Layers that do the same need not be neighbours.
    grouping.contiguity = .none
    let groups = try grouping.groups(
      similarity: record.similarity,
      capacity: count,
      seed: setting.configuration.seed,
      stage: 1
    )
    record.groups[count] = groups
    try directory.write(record, to: Self.recordName)
    return groups.members
  }

  func passThrough() throws -> [Double] {
    let cohort = setting.cohorts.cohort(round: 1)
    let similarities = try cohort.map { client in
      let batch = setting.shares[client].prefix(setting.configuration.local.batch)
      let matrix = try SimilarityMatrix(ofActivations: streams(of: Array(batch)))
      return (1..<matrix.layerCount).map { matrix[$0 - 1, $0] }
    }
    return similarities[0].indices.map { layer in
      similarities.reduce(0) { $0 + $1[layer] } / Double(cohort.count)
    }
  }

  private func outputSimilarity() throws -> SimilarityMatrix {
    try SimilarityMatrix(ofActivations: Array(streams(of: setting.examples.prompts).dropFirst()))
  }

  /// The embeddings and every layer's output on the first tokens of some sequences, `[N, D]` each.
  private func streams(of sequences: [TokenBatch.Sequence]) throws -> [Tensor] {
    var (chosen, count) = ([TokenBatch.Sequence](), 0)
    for sequence in sequences where count < Self.tokenCount {
      chosen.append(sequence.prefix(Self.tokenCount - count))
      count += chosen[chosen.count - 1].tokens.count
    }
    guard let decoder = try evaluation.full() as? Decoder else {
      throw RunError(.unsupported, "expected a decoder to look at the layers of, got an encoder")
    }
    var streams: [Tensor] = []
    decoder.visitStreams(
      of: TokenBatch(chosen),
      adapter: decoder.operands([], scale: setting.scale)
    ) { streams.append($0) }
    return streams
  }
}
