import ArgumentParser
import DevFTFormats

/// Projections on a command line: `q,k,v,o,gate,up,down` or some of them, each once.
struct ProjectionList: CustomStringConvertible {
  let projections: [Projection]

  init(projections: [Projection]) { self.projections = projections }

  /// Reads a list.
  ///
  /// - Parameter text: Names joined by commas.
  /// - Throws: `ValidationError` that says what was expected.
  @Sendable init(parsing text: String) throws {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    projections = names.compactMap(Projection.init(rawValue:))
    guard projections.count == names.count, Set(names).count == names.count else {
      let all = ProjectionList(projections: Projection.allCases)
      throw ValidationError("expected some of \(all), each once, got '\(text)'")
    }
  }

  var description: String { projections.map(\.rawValue).joined(separator: ",") }
}
