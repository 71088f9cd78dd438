/// A client's answer to a round that has closed, which may count in a later one.
public struct LateUpdate: Equatable, Sendable {
  /// What the client has sent.
  public var update: ClientUpdate
  /// Stage of the round that it answers.
  public var stage: Int
  /// Modelled time from the end of the last round until it comes; zero of one that is here.
  public var timeLeft: Duration

  /// Describes a late answer.
  ///
  /// - Parameters:
  ///   - update: What the client has sent.
  ///   - stage: Stage of the round that it answers.
  ///   - timeLeft: Modelled time until it comes; zero, the default, of one that is here.
  public init(_ update: ClientUpdate, stage: Int, timeLeft: Duration = .zero) {
    self.update = update
    self.stage = stage
    self.timeLeft = timeLeft
  }
}
