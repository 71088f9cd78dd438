import DevFTFederation
import DevFTFormats
import DevFTTensor
import DevFTTraining

extension MemoryConfiguration.Precision {
  /// The type as the numeric layer knows it.
  var precision: Precision {
    switch self {
    case .f32: .float32
    case .bf16: .bfloat16
    case .int8: .int8
    }
  }
}

extension DataConfiguration.Template {
  /// The template of the same name; `nil` for the model's own.
  var format: ChatTemplate.Format? { ChatTemplate.Format(rawValue: rawValue) }
}

extension FederationConfiguration.Weighting {
  /// The weighting as the federation knows it.
  var weighting: AggregationWeighting {
    switch self {
    case .examples: .examples
    case .tokens: .tokens
    case .uniform: .uniform
    }
  }
}

extension LocalConfiguration.Optimizer {
  /// The optimizer as the training knows it.
  var optimizer: LocalOptimizer {
    switch self {
    case .adamw: .adamW
    case .sgd: .sgd
    }
  }
}

extension LocalConfiguration {
  /// The learning rate of each round.
  func rates(rounds: Int) -> LearningRateSchedule {
    switch schedule {
    case .constant: .constant(learningRate)
    case .roundCosine:
      .roundCosine(initial: learningRate, final: finalLearningRate, roundCount: rounds)
    }
  }
}

extension DevFTFormats.LoRAConfiguration {
  /// The configuration of an adapter whose rank may be another, at the same scale.
  func ofRank(of layers: [NamedTensors]) -> DevFTFormats.LoRAConfiguration {
    let rank = layers.first?[targets[0].loraAName]?.rowCount ?? rank
    guard rank != self.rank else { return self }
    let ratio = Double(rank) / Double(self.rank)
    return DevFTFormats.LoRAConfiguration(
      rank: rank,
      alpha: alpha * (isRankStabilised ? ratio.squareRoot() : ratio),
      targets: targets,
      dropoutProbability: dropoutProbability,
      baseModelName: baseModelName,
      isRankStabilised: isRankStabilised,
      encoder: encoder
    )
  }
}

extension AdapterConfiguration {
  /// The adapter's shape as the formats know it.
  func configuration(
    baseModel: String,
    encoder: EncoderFamily?
  ) -> DevFTFormats.LoRAConfiguration {
    DevFTFormats.LoRAConfiguration(
      rank: rank,
      alpha: alpha,
      targets: targets.compactMap { Projection(rawValue: $0.rawValue) },
      dropoutProbability: dropout,
      baseModelName: baseModel,
      encoder: encoder
    )
  }
}
