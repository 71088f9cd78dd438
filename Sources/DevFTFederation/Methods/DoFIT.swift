public import DevFTTensor

/// Federated averaging inside domains, whose adapters push one another apart where they are large.
///
/// - Clients belong to domains. They train as in FedIT, from the adapter of their domain, and the server takes
///   the mean of each domain's clients; all adapter numbers travel, both ways.
/// - Then, between the domains: each one ranks its tensors (A and B count separately) by squared Frobenius
///   norm and keeps the names of the first 15, in stages `15 L_s / L`. For names that all domains
///   kept, with `c` the mean over the domains, `θ_j ← θ_j + |θ_j − c| / ‖θ_j − c‖`, number by number:
///   a step of length 1 whose signs are all positive, as in the source.
/// - A domain without an update in a round counts in the ranking and in `c`, but stays as it is. Equal
///   tensors stay; one domain is FedIT.
/// - The result is the mean over the domains' adapters; each one's is recorded beside it.
/// - An encoder's head is the mean of each domain's clients and is not pushed.
/// - A data set of one domain needs artificial ones: clients that hold mostly the same value of the
///   partition's field share a domain; without a field they are dealt with the seed.
/// - Differs from the source: it samples a cohort in each domain; here the cohort is drawn from all clients.
/// - SeeAlso: Xu et al., 2024, <https://github.com/1xbq1/DoFIT>.
public struct DoFIT: FederatedMethod {
  /// `dofit`.
  public static let name = "dofit"
  /// For the reference.
  public static let meaning = "fedit in domains, which push each other apart"
  /// Domains'.
  public static let adapterHolder = "domain"

  private let settings: MethodSettings
  private let dealing: DomainDealing

  /// Creates the method.
  ///
  /// - Parameter settings: `options` has the number of domains and of names, `kinds` or else `seed` say who
  ///   belongs to which.
  public init(_ settings: MethodSettings = MethodSettings()) {
    self.settings = settings
    let count = settings.options.domains
    dealing =
      settings.kinds.map { DomainDealing(domainCount: count, kinds: $0, seed: settings.seed) }
      ?? DomainDealing(
        domainCount: count,
        clientCount: settings.populationCount,
        seed: settings.seed
      )
  }

  /// The domain of a client.
  ///
  /// - Parameter client: The client, from 0.
  /// - Returns: The domain, from 0.
  public func domain(of client: Int) -> Int { dealing.domains[client] }

  /// The fresh adapter, for every domain.
  ///
  /// - Parameter adapter: A fresh adapter.
  /// - Returns: The state before any round.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    var state = FederatedState(global: adapter)
    for domain in 0..<dealing.domainCount { state.server[Self.name(of: domain)] = adapter }
    return state
  }

  /// The adapter of the client's domain.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: One set a layer.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] {
    state.server[Self.name(of: domain(of: client))] ?? state.global
  }

  /// Takes the mean in each domain, then pushes the domains apart.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with new adapters of the domains, and their mean as the global one.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var adapters = adapters(in: state)
    let parts = parts(of: updates)
    for (domain, part) in parts { adapters[domain] = part.mean() }
    adapters = DomainStep(adapters, nameCount: nameCount(of: state.global))
      .moved(Set(parts.map(\.domain)))
    var result = state
    result.global = weightedMean(of: adapters, Array(repeating: 1, count: adapters.count))
    for (domain, adapter) in adapters.enumerated() {
      result.server[Self.name(of: domain)] = adapter
    }
    return result
  }

  /// The error of the mean of factors in each domain.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What they were combined into.
  /// - Returns: One entry a module and domain.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] {
    parts(of: updates).flatMap { DevFTFederation.aggregationErrors(of: $0.updates) }
  }

  /// The adapters of all domains.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: One adapter a domain.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] { adapters(in: state) }

  /// Each domain's result.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: By the domains' names; nothing where there is one domain.
  public func otherResults(in state: FederatedState) -> [String: [[NamedTensors]]] {
    let adapters = adapters(in: state)
    guard adapters.count > 1 else { return [:] }
    let named = adapters.enumerated().map { ("\(Self.adapterHolder)-\($0)", [$1]) }
    return Dictionary(uniqueKeysWithValues: named)
  }

  /// Each domain has its own adapter.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: The adapters by domain; nothing where there is one domain.
  public func personalAdapters(in state: FederatedState) -> [Int: [NamedTensors]] {
    let adapters = adapters(in: state)
    guard adapters.count > 1 else { return [:] }
    return Dictionary(uniqueKeysWithValues: adapters.enumerated().map { ($0, $1) })
  }

  private func adapters(in state: FederatedState) -> [[NamedTensors]] {
    (0..<dealing.domainCount).map { state.server[Self.name(of: $0)] ?? state.global }
  }

  /// The updates of each domain that has any.
  private func parts(
    of updates: WeightedUpdates
  ) -> [(domain: Int, updates: WeightedUpdates)] {
    (0..<dealing.domainCount).compactMap { domain in
      updates.only { self.domain(of: $0) == domain }.map { (domain, $0) }
    }
  }

  /// Names that a domain may share in a submodel; a head is no layer of it.
  private func nameCount(of adapter: [NamedTensors]) -> Int {
    let layers = adapter.count { !AdapterPair.pairs(in: $0).isEmpty }
    let share = Double(layers) / Double(settings.layerCount ?? layers)
    return max(1, Int((Double(settings.options.domainNames) * share).rounded()))
  }

  private static func name(of domain: Int) -> String { "\(adapterHolder).\(domain)" }
}
