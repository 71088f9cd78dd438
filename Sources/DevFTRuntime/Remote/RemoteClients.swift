public import DevFTFederation

/// The clients of a run that live on other machines, each with its own examples.
///
/// ```swift
/// let run = try Simulation(configuration, directory: directory, clients: clients) { event in … }
/// ```
public struct RemoteClients: Sendable {
  /// Makes the way to the clients for the rounds of one stage.
  ///
  /// `file` makes the stage's file, which a client without the base model needs; nobody else asks for it.
  public var link:
    @Sendable (
      _ stage: RemoteStage,
      _ file: @escaping @Sendable () throws -> StageFile
    ) throws -> any ServerLink

  /// Describes the clients.
  ///
  /// - Parameter link: Makes the way to them for the rounds of one stage; called again for the open
  ///   stage when a run goes on.
  public init(
    link:
      @escaping @Sendable (
        _ stage: RemoteStage,
        _ file: @escaping @Sendable () throws -> StageFile
      ) throws -> any ServerLink
  ) {
    self.link = link
  }
}
