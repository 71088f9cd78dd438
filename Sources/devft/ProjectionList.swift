import ArgumentParser
import DevFTFormats

/// Projections on a command line: `q,k,v,o,gate,up,down` or some of them, each once.
struct ProjectionList: ExpressibleByArgument, CustomStringConvertible {
  let projections: [Projection]

  init(projections: [Projection]) { self.projections = projections }

  init?(argument: String) {
    let names = argument.split(separator: ",").map(String.init)
    projections = names.compactMap(Projection.init(rawValue:))
    guard !names.isEmpty, projections.count == names.count, Set(names).count == names.count else {
      return nil
    }
  }

  var description: String { projections.map(\.rawValue).joined(separator: ",") }
  var defaultValueDescription: String { description }
}
