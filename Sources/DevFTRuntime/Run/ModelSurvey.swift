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
  /// Starts of the clustering of prompts.
  private static let clusterStarts = 10
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

  func promptCentroids(count: Int) throws -> Tensor {
    let prompts = setting.examples.prompts
    guard prompts.count >= count else {
      throw RunError(
        .unsupported,
        "federation.options.clusters: expected at most the number of public prompts, which is "
          + "\(prompts.count), got \(count)"
      )
    }
    let decoder = try fullDecoder()
    let points = SpectralEmbedding(
      rows: prompts.map { decoder.promptFeatures(of: $0.tokens).map(Double.init) }
    )
    var stream = RandomStream(seed: setting.configuration.seed, purpose: "prompt clusters")
    let clusters = KMeans(groupCount: count, restarts: Self.clusterStarts)
      .groups(of: Array(prompts.indices), in: points, using: &stream)
    return Tensor(
      shape: [count, points.rows[0].count],
      elements: clusters.flatMap { points.centroid($0).map { Float($0) } }
    )
  }

  private func fullDecoder() throws -> Decoder {
    guard let decoder = try evaluation.full() as? Decoder else {
      throw RunError(.unsupported, "expected a decoder to look at the layers of, got an encoder")
    }
    return decoder
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
    let decoder = try fullDecoder()
    var streams: [Tensor] = []
    decoder.visitStreams(
      of: TokenBatch(chosen),
      adapter: decoder.operands([], scale: setting.scale)
    ) { streams.append($0) }
    return streams
  }
}
