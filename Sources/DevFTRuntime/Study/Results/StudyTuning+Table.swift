extension StudyTuning {
  /// The losses of the trials, a row a cell; the chosen one stands in brackets.
  var table: TextTable {
    var cells: [String] = []
    for trial in trials where cells.last != trial.cell { cells.append(trial.cell) }
    let rows = cells.map { cell in
      let best = best(of: cell)?.point
      return [cell]
        + trials.filter { $0.cell == cell }.map { trial in
          guard let loss = trial.loss else { return NumberText.missing }
          let text = NumberText.fixed(loss, decimals: 4)
          return trial.point == best ? "[\(text)]" : text
        }
    }
    return TextTable(head: ["final loss, seed \(seed)"] + points, rows: rows)
  }
}
