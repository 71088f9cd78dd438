public import DevFTFederation

/// A link that damages what comes back over another link.
public struct FaultyLink: ServerLink {
  private let link: any ServerLink
  private let damage: @Sendable (_ outcomes: [ClientOutcome]) -> [ClientOutcome]

  /// Wraps a link.
  ///
  /// - Parameters:
  ///   - link: The sound link.
  ///   - damage: Makes what arrives from what was sent: drops, repeats, reorders, spoils.
  public init(
    _ link: any ServerLink,
    damage: @escaping @Sendable (_ outcomes: [ClientOutcome]) -> [ClientOutcome]
  ) {
    self.link = link
    self.damage = damage
  }

  /// Has clients train and damages what they send.
  ///
  /// - Parameter tasks: One task a client.
  /// - Returns: The damaged outcomes.
  /// - Throws: What the sound link throws.
  public func perform(_ tasks: [ClientTask]) throws -> [ClientOutcome] {
    damage(try link.perform(tasks))
  }
}

extension ClientOutcome {
  /// The outcome with its update changed; a failure stays as it is.
  ///
  /// - Parameter change: Changes the update in place.
  /// - Returns: The changed outcome.
  public func changing(_ change: (_ update: inout ClientUpdate) -> Void) -> ClientOutcome {
    guard case .update(var update) = self else { return self }
    change(&update)
    return .update(update)
  }
}
