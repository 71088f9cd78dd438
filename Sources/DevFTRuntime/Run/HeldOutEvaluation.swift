import DevFTEvaluation
import DevFTModel
import DevFTTensor

/// Measures adapters on the held-out examples; the full model is read when it is first needed.
final class HeldOutEvaluation {
  private let setting: RunSetting
  private var fullModel: (any TrainableModel)?

  init(_ setting: RunSetting) { self.setting = setting }

  /// Whether there is anything to measure on.
  var isPossible: Bool { !setting.examples.heldOutSequences.isEmpty }

  /// The whole model.
  func full() throws -> any TrainableModel {
    if let fullModel { return fullModel }
    let model = try setting.ends.model(setting.model.file)
    fullModel = model
    return model
  }

  /// Lets go of the whole model.
  func release() { fullModel = nil }

  /// Mean held-out result of several adapters on the full model; `nil` without held-out examples.
  func fullResult(of adapters: [[NamedTensors]]) throws -> HeldOutResult? {
    isPossible ? result(of: adapters, on: try full()) : nil
  }

  /// Its loss.
  func fullLoss(of adapters: [[NamedTensors]]) throws -> Double? {
    try fullResult(of: adapters)?.loss
  }

  /// Mean held-out loss of several adapters on a model; `nil` without held-out examples.
  func loss(of adapters: [[NamedTensors]], on model: any TrainableModel) throws -> Double? {
    result(of: adapters, on: model)?.loss
  }

  /// The benchmarks' numbers, by task; `nil` where none are asked for.
  func benchmarks(of adapters: [[NamedTensors]]) throws -> [String: Double]? {
    guard !setting.benchmarks.isEmpty, let decoder = try full() as? Decoder else { return nil }
    let operands = adapters.map { decoder.operands($0, scale: setting.scale) }
    return try setting.benchmarks.results(of: decoder, with: operands)
  }

  private func result(
    of adapters: [[NamedTensors]],
    on model: any TrainableModel
  ) -> HeldOutResult? {
    guard isPossible else { return nil }
    return HeldOutResult(
      meanOf: adapters.map { adapter in
        HeldOutLoss.measure(
          model,
          adapter: model.operands(adapter, scale: setting.scale),
          sequences: setting.examples.heldOutSequences
        )
      }
    )
  }
}
