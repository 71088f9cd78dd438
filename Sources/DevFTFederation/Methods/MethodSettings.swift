/// What a method is made from: its hyper-parameters and what it must know of the run.
public struct MethodSettings: Equatable, Sendable {
  /// Hyper-parameters.
  public var options: MethodOptions
  /// Number of all known clients, at least 1.
  public var populationCount: Int
  /// Whether the submodel grows in stages.
  public var isStaged: Bool
  /// Rank of each client's adapter, by client; `nil`: all have the whole rank.
  public var ranks: [Int]?
  /// What kind of examples each client holds most of, by client; `nil`: not known.
  public var kinds: [String]?
  /// Rounds `T` of the run, at least 1.
  public var roundCount: Int
  /// Layers `L` of the model; `nil` where it is not known.
  public var layerCount: Int?
  /// Seed of the run.
  public var seed: UInt64
  /// DevFT's stages for this model and number of rounds; none where there cannot be any.
  public var growth: [GrowthStage]
  /// Layers that each client can hold, by client; `nil`: all hold as many.
  public var clientLayers: [Int]?
  /// Classes that an encoder tells apart; `nil` for a decoder.
  public var classCount: Int?
  /// Width `D` of the model; `nil` where it is not known.
  public var width: Int?

  /// Describes a run to a method.
  ///
  /// - Parameters:
  ///   - options: Hyper-parameters.
  ///   - populationCount: Number of all known clients, at least 1.
  ///   - isStaged: Whether the submodel grows in stages.
  ///   - ranks: Rank of each client's adapter, by client; `nil`: all have the whole rank.
  ///   - kinds: What kind of examples each client holds most of; `nil`: not known.
  ///   - roundCount: Rounds of the run, at least 1.
  ///   - layerCount: Layers of the model; `nil` where it is not known.
  ///   - seed: Seed of the run.
  ///   - growth: DevFT's stages for this model and number of rounds; none by default.
  ///   - clientLayers: Layers that each client can hold, by client; `nil`: all hold as many.
  ///   - classCount: Classes that an encoder tells apart; `nil` for a decoder.
  ///   - width: Width of the model; `nil` where it is not known.
  public init(
    options: MethodOptions = MethodOptions(),
    populationCount: Int = 1,
    isStaged: Bool = false,
    ranks: [Int]? = nil,
    kinds: [String]? = nil,
    roundCount: Int = 1,
    layerCount: Int? = nil,
    seed: UInt64 = 0,
    growth: [GrowthStage] = [],
    clientLayers: [Int]? = nil,
    classCount: Int? = nil,
    width: Int? = nil
  ) {
    precondition(roundCount >= 1, "a run of \(roundCount) rounds")
    precondition(populationCount >= 1, "population of \(populationCount) clients")
    self.options = options
    self.populationCount = populationCount
    self.isStaged = isStaged
    self.ranks = ranks
    self.kinds = kinds
    self.roundCount = roundCount
    self.layerCount = layerCount
    self.seed = seed
    self.growth = growth
    self.clientLayers = clientLayers
    self.classCount = classCount
    self.width = width
  }
}
