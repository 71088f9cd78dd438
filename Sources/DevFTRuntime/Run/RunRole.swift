/// The part of a federation that a process plays.
enum RunRole: Equatable, Sendable {
  /// Server and clients: all training examples are here.
  case whole
  /// The server alone: no training examples are here.
  case server
  /// One client of a population: all training examples here are its own.
  case client(populationCount: Int)
}
