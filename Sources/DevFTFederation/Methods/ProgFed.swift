/// Federated averaging over the lowest layers, more and more of them.
///
/// - A client runs and trains layers `0 ..< L_s` between the embedding and the model's own final norm and
///   head, both frozen; nothing is fused. The other layers are neither held nor run.
/// - `paper`: `S` equal blocks. Stage `s < S` has `round(s L / S)` layers and lasts `T / (2 S)` of the `T`
///   rounds, so the whole model has the other `(S + 1) / (2 S)` of them.
/// - `matched`: DevFT's capacities and equal stages, so that as many bytes travel and only the submodel
///   differs.
/// - Bytes `b N L_s / L` each way. Devices hold the base model, so new blocks cost none.
/// - Differs from the source, which is about image models that grow a head for each block, warms up new
///   blocks and takes the plain mean: the head is the language model's, there is no warm-up, and
///   updates count by aggregation weight. The learning rate follows one cosine over all rounds.
/// - An early exit of a pretrained model predicts badly: the losses of the first stages are large.
/// - SeeAlso: Wang et al., 2022, section 3, <https://arxiv.org/abs/2110.05323>.
public struct ProgFed: FederatedMethod {
  /// `progfed`.
  public static let name = "progfed"
  /// For the reference.
  public static let meaning = "fedit over the lowest layers, more and more of them"

  private let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.progFedSchedule`, `roundCount` and `growth` say how it grows.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Stages are an alternative.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against stages and unequal ranks.
  public static func objection(to feature: MethodFeature) -> String? {
    layerObjection(to: feature, "it grows by federation.options.progfed_schedule")
  }

  /// The lowest layers.
  ///
  /// - Parameters:
  ///   - client: The client; all have the same.
  ///   - place: Its round.
  ///   - state: What the last round left.
  /// - Returns: Layers that all run and are trained.
  public func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection? {
    let count = state.global.count
    return LayerSelection(
      layerCount: count,
      present: 0..<capacity(ofRound: place.round, layerCount: count)
    )
  }

  /// The number of layers of a round.
  ///
  /// - Parameters:
  ///   - round: Round from 1.
  ///   - layerCount: Layers `L` of the model.
  /// - Returns: A number in `1 ... L`.
  public func capacity(ofRound round: Int, layerCount: Int) -> Int {
    switch settings.options.progFedSchedule {
    case .paper:
      let stages = settings.options.progFedStages
      let stage = min(stages, (round - 1) * 2 * stages / settings.roundCount + 1)
      return max(1, (2 * layerCount * stage + stages) / (2 * stages))
    case .matched:
      return min(settings.growth.capacity(ofRound: round) ?? layerCount, layerCount)
    }
  }
}
