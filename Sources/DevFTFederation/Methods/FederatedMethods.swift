/// The list of methods.
public enum FederatedMethods {
  /// Every method there is, in the order in which a configuration names them.
  public static let all: [any FederatedMethod.Type] = [
    FedIT.self, FedProx.self, FedSWA.self, FedAvgM.self, FedAdagrad.self, FedYogi.self,
    FedAdam.self,
    Scaffold.self, FFALoRA.self, RoLoRA.self, FedSALoRA.self,
    LoRAFAIR.self, FlexLoRA.self, HETLoRA.self, FLoRA.self, FedExLoRA.self, DoFIT.self,
    C2A.self,
    ProgFed.self, ChainFed.self, FedPruner.self,
    RandomLayers.self, TopLayers.self, EvenLayers.self, TopGrowth.self,
    Centralised.self, LocalOnly.self,
  ]

  /// Finds a method.
  ///
  /// - Parameter name: Its name in a configuration.
  /// - Returns: The method's type, to be created for a run.
  /// - Throws: `FederationError` with code `unknownMethod`.
  public static func named(_ name: String) throws(FederationError) -> any FederatedMethod.Type {
    if let method = all.first(where: { $0.name == name }) { return method }
    let names = all.map { $0.name }
    throw FederationError(
      .unknownMethod,
      "method must be one of \(names.joined(separator: ", ")), not '\(name)'"
    )
  }
}
