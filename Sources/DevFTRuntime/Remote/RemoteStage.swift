public import DevFTStages

/// What a client on another machine must know of a stage to build its submodel and to train it.
public struct RemoteStage: Equatable, Sendable {
  /// The run; its paths are those of the machine that it was written on.
  public var configuration: RunConfiguration
  /// Number of all known clients.
  public var populationCount: Int
  /// Stage from 1.
  public var number: Int
  /// The layer groups of the stage.
  public var groups: LayerGroups
  /// SHA-256 of the base model's file, or of its configuration and weights.
  public var modelSHA256: String
  /// SHA-256 of the fused layers; of no layers in a stage where each stands alone.
  public var fusedSHA256: String

  /// SHA-256 of the stage's file, for a client that does not hold the base model; empty for others.
  public var baseSHA256 = ""

  /// Describes a stage.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - populationCount: Number of all known clients.
  ///   - number: Stage from 1.
  ///   - groups: The layer groups of the stage.
  ///   - modelSHA256: SHA-256 of the base model.
  ///   - fusedSHA256: SHA-256 of the fused layers.
  public init(
    configuration: RunConfiguration,
    populationCount: Int,
    number: Int,
    groups: LayerGroups,
    modelSHA256: String,
    fusedSHA256: String
  ) {
    self.configuration = configuration
    self.populationCount = populationCount
    self.number = number
    self.groups = groups
    self.modelSHA256 = modelSHA256
    self.fusedSHA256 = fusedSHA256
  }
}
