/// Something a run may ask for that not every method can do.
public enum MethodFeature: CaseIterable, Sendable {
  /// Stages of growing submodels.
  case stages
  /// Layer groups by a similarity that counts the adapter in.
  case groupingByAdapter
  /// Layer fusion by a plain sum of the members' adapters.
  case fusionBySum
  /// Adapters whose rank differs from client to client.
  case unequalRanks
  /// Learning rates that differ between the factors of a module.
  case unequalRates
  /// A trained head beside the layers, which is no layer and no low-rank pair.
  case trainedHead
  /// Answers to earlier rounds, trained from what the server had then.
  case lateUpdates
}
