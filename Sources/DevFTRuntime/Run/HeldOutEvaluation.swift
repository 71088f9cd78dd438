import DevFTEvaluation
import DevFTFormats
import DevFTModel
import DevFTTensor

/// Measures adapters on the held-out examples; the full model is read when it is first needed.
final class HeldOutEvaluation {
  private let setting: RunSetting
  private var fullDecoder: Decoder?

  init(_ setting: RunSetting) { self.setting = setting }

  /// Whether there is anything to measure on.
  var isPossible: Bool { !setting.examples.heldOutSequences.isEmpty }

  /// The whole model.
  func full() throws -> Decoder {
    if let fullDecoder { return fullDecoder }
    let decoder = try Decoder(setting.model.file, ends: setting.ends)
    fullDecoder = decoder
    return decoder
  }

  /// Lets go of the whole model.
  func release() { fullDecoder = nil }

  /// Mean held-out loss of several adapters on the full model; `nil` without held-out examples.
  func fullLoss(of adapters: [[NamedTensors]]) throws -> Double? {
    isPossible ? try loss(of: adapters, on: try full()) : nil
  }

  /// Mean held-out loss of several adapters on a decoder; `nil` without held-out examples.
  func loss(of adapters: [[NamedTensors]], on decoder: Decoder) throws -> Double? {
    guard isPossible else { return nil }
    let losses = adapters.map { adapter in
      HeldOutLoss.measure(
        decoder,
        adapter: decoder.operands(adapter, scale: setting.scale),
        sequences: setting.examples.heldOutSequences
      ).mean
    }
    return losses.reduce(0, +) / Double(losses.count)
  }
}
