import Foundation

extension StudyTable {
  /// The table as texts: head and rows, for people.
  var texts: TextTable {
    let measures = measures
    let rows = rows.map { row in
      let count = row.finished == row.runs ? "\(row.runs)" : "\(row.finished) of \(row.runs)"
      return [row.cell, count] + measures.map { text(row, $0) }
    }
    return TextTable(head: ["cell", "seeds"] + measures.map(\.title), rows: rows)
  }

  /// One number of a row.
  func text(_ row: Row, _ measure: StudyMeasure) -> String {
    guard let value = row.values[measure], value.possible > 0 else { return NumberText.missing }
    guard let statistic = value.statistic else {
      return measure.needsTarget ? "not reached" : NumberText.missing
    }
    let text = measure.quantity.text(statistic)
    return value.count == value.possible ? text : "\(text) (\(value.count) of \(value.possible))"
  }

  /// The table with all measures as comma-separated values: numbers in full, in bytes and seconds.
  var csv: String {
    let names = StudyMeasure.allCases.flatMap { measure in
      ["\(measure.rawValue)_mean", "\(measure.rawValue)_deviation", "\(measure.rawValue)_runs"]
    }
    let lines = rows.map { row in
      let values = StudyMeasure.allCases.flatMap { measure -> [String] in
        guard let value = row.values[measure] else { return ["", "", ""] }
        let numbers = [value.statistic?.mean, value.statistic?.deviation]
        return numbers.map { $0.map { "\($0)" } ?? "" } + ["\(value.count)"]
      }
      return [row.cell, "\(row.runs)", "\(row.finished)"] + values
    }
    return ([["cell", "seeds", "finished"] + names] + lines).map { line in
      line.map(Self.quoted).joined(separator: ",") + "\n"
    }.joined()
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// The table as a LaTeX `tabular` that needs no package.
  var latex: String {
    let table = texts
    let columns = "l" + String(repeating: "r", count: table.head.count - 1)
    let lines = ([table.head] + table.rows).map { cells in
      cells.map(Self.escaped).joined(separator: " & ") + " \\\\\n"
    }
    return "\\begin{tabular}{\(columns)}\n\\hline\n" + lines[0] + "\\hline\n"
      + lines.dropFirst().joined() + "\\hline\n\\end{tabular}\n"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "±": result += "$\\pm$"
      case "×": result += "$\\times$"
      case "–": result += "--"
      case "−": result += "$-$"
      default: result.append(character)
      }
    }
  }
}

extension StudyMeasure.Quantity {
  /// A mean with its deviation, in one unit.
  func text(_ statistic: Statistic) -> String {
    let (factor, unit, decimals) = scale(statistic.mean)
    let mean = NumberText.fixed(statistic.mean / factor, decimals: decimals)
    let deviation = statistic.deviation.flatMap { deviation in
      let text = NumberText.fixed(deviation / factor, decimals: decimals)
      // Bytes hardly differ from seed to seed: then there is no spread to tell of.
      return self == .bytes && Double(text) == 0 ? nil : " ± " + text
    }
    return mean + (deviation ?? "") + unit
  }

  private func scale(_ mean: Double) -> (factor: Double, unit: String, decimals: Int) {
    switch self {
    case .loss: return (1, "", 4)
    case .share: return (0.01, " %", 1)
    case .seconds:
      let unit = AxisUnit.time(upTo: mean)
      let name = unit.name == "minutes" ? "min" : String(unit.name.prefix(1))
      return (unit.factor, " \(name)", mean < 9.995 ? 2 : 1)
    case .operations: return (1e12, " TFLOP", mean < 9.995e12 ? 2 : 1)
    case .bytes:
      let unit = AxisUnit.bytes(upTo: mean)
      let amount = mean / unit.factor
      let decimals = unit.factor == 1 ? 0 : amount < 9.995 ? 2 : amount < 99.95 ? 1 : 0
      return (unit.factor, " \(unit.name)", decimals)
    }
  }
}
