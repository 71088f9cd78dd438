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
  /// Number of layers of the model; `nil`: those of the submodel.
  public var layerCount: Int?
  /// Seed of the run, for what a method draws.
  public var seed: UInt64

  /// Describes a run to a method.
  ///
  /// - Parameters:
  ///   - options: Hyper-parameters.
  ///   - populationCount: Number of all known clients, at least 1.
  ///   - isStaged: Whether the submodel grows in stages.
  ///   - ranks: Rank of each client's adapter, by client; `nil`: all have the whole rank.
  ///   - kinds: What kind of examples each client holds most of; `nil`: not known.
  ///   - layerCount: Number of layers of the model; `nil`: those of the submodel.
  ///   - seed: Seed of the run; 0 by default.
  public init(
    options: MethodOptions = MethodOptions(),
    populationCount: Int = 1,
    isStaged: Bool = false,
    ranks: [Int]? = nil,
    kinds: [String]? = nil,
    layerCount: Int? = nil,
    seed: UInt64 = 0
  ) {
    precondition(populationCount >= 1, "population of \(populationCount) clients")
    self.options = options
    self.populationCount = populationCount
    self.isStaged = isStaged
    self.ranks = ranks
    self.kinds = kinds
    self.layerCount = layerCount
    self.seed = seed
  }
}
