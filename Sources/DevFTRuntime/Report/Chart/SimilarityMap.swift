/// The layers' similarities as a heat map, with the groups of each stage below.
struct SimilarityMap {
  /// Similarities, `[L][L]`.
  let rows: [[Double]]
  /// Name and groups of each stage, in order.
  let stages: [(name: String, groups: [[Int]])]

  private let cell: Double
  private static let left = 96.0
  private static let top = 18.0

  /// Prepares a map.
  ///
  /// - Parameters:
  ///   - rows: Similarities; `nil` is returned unless they make a square.
  ///   - stages: Name and groups of each stage.
  init?(rows: [[Double]], stages: [(name: String, groups: [[Int]])]) {
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == rows.count }) else { return nil }
    self.rows = rows
    self.stages = stages
    cell = min(24, 480 / Double(rows.count))
  }

  private var count: Int { rows.count }
  private var side: Double { cell * Double(count) }

  /// Largest absolute similarity of two different layers: the end of the colour scale.
  var limit: Double {
    var largest = 0.0
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() where row != column && value.isPresentable {
        largest = max(largest, abs(value))
      }
    }
    return largest > 0 ? largest : 1
  }

  /// The drawing and its legend.
  var figure: Markup {
    let height = Self.top + side + 34 + 20 * Double(stages.count)
    let width = Self.left + side + 8
    let parts = cells + [outline] + labels + strips
    let size = "0 0 \(NumberText.coordinate(width)) \(NumberText.coordinate(height))"
    return .tag(
      "figure",
      ["class": "map"],
      .tag("svg", ["viewBox": size, "role": "img", "aria-label": "Similarity of layers"], parts),
      legend
    )
  }

  private var legend: Markup {
    let limit = NumberText.fixed(limit, decimals: self.limit < 0.1 ? 4 : 2)
    return .tag(
      "div",
      ["class": "legend"],
      .tag("span", [:], .text("−\(limit)"), .tag("i", ["class": "ramp"], []), .text(limit)),
      .tag("span", [:], .tag("i", ["class": "swatch self"], []), "a layer and itself (1)"),
      .tag("span", [:], .tag("i", ["class": "swatch ring"], []), "same group in the first stage")
    )
  }
}

// MARK: - Matrix

extension SimilarityMap {
  private var cells: [Markup] {
    let limit = limit
    return rows.indices.flatMap { row in
      rows.indices.map { column in square(row, column, limit) }
    }
  }

  private func square(_ row: Int, _ column: Int, _ limit: Double) -> Markup {
    let value = rows[row][column]
    let style = row == column ? "self" : value < 0 ? "cold" : "hot"
    let strength = value.isPresentable ? min(1, abs(value) / limit) : 0
    // Hints on every cell of a deep model would make the page megabytes large.
    let hint = "layers \(row) and \(column): \(NumberText.fixed(value, decimals: 5))"
    return .tag(
      "rect",
      [
        "class": style, "x": place(column, Self.left), "y": place(row, Self.top),
        "width": NumberText.coordinate(cell), "height": NumberText.coordinate(cell),
        "fill-opacity": row == column ? "1" : NumberText.fixed(strength, decimals: 2),
      ],
      count <= 48 ? [.tag("title", [:], .text(hint))] : []
    )
  }

  private func place(_ index: Int, _ origin: Double) -> String {
    NumberText.coordinate(origin + cell * Double(index))
  }

  /// Numbers of every layer, or of some where they would not fit.
  private var labels: [Markup] {
    let step = cell >= 20 ? 1 : count > 50 ? 10 : 5
    return stride(from: 0, to: count, by: step).flatMap { layer -> [Markup] in
      let centre = (Double(layer) + 0.5) * cell
      return [
        label("\(layer)", Self.left + centre, Self.top - 5, "tick middle"),
        label("\(layer)", Self.left - 6, Self.top + centre + 4, "tick end"),
      ]
    } + [label("layer", 0, Self.top - 5, "title")]
  }

  private func label(_ text: String, _ x: Double, _ y: Double, _ style: String) -> Markup {
    .tag(
      "text",
      ["class": style, "x": NumberText.coordinate(x), "y": NumberText.coordinate(y)],
      .text(text)
    )
  }

  /// Borders around the cells whose two layers share a group of the first stage.
  private var outline: Markup {
    let groupOfLayer = Self.groupOfLayer(stages.first?.groups ?? [], count: count)
    func shares(_ row: Int, _ column: Int) -> Bool {
      guard row < count, column < count, let group = groupOfLayer[row] else { return false }
      return group == groupOfLayer[column]
    }
    var path = ""
    for row in 0...count {
      for column in 0...count {
        let (x, y) = (place(column, Self.left), place(row, Self.top))
        let here = shares(row, column)
        if column < count, here != (row > 0 && shares(row - 1, column)) {
          path += "M\(x) \(y)h\(NumberText.coordinate(cell))"
        }
        if row < count, here != (column > 0 && shares(row, column - 1)) {
          path += "M\(x) \(y)v\(NumberText.coordinate(cell))"
        }
      }
    }
    return .tag("path", ["class": "outline", "d": path], [])
  }

  private static func groupOfLayer(_ groups: [[Int]], count: Int) -> [Int: Int] {
    var result: [Int: Int] = [:]
    for (index, group) in groups.enumerated() {
      for layer in group where (0..<count).contains(layer) { result[layer] = index }
    }
    return result
  }
}

// MARK: - Groups

extension SimilarityMap {
  /// One row of cells a stage: colour and letter say the group, a dot its anchor.
  private var strips: [Markup] {
    let heading = label("groups of each stage, anchor dotted", Self.left, gap - 8, "title")
    return [heading]
      + stages.enumerated().flatMap { index, stage in
        strip(stage.name, stage.groups, y: gap + 20 * Double(index))
      }
  }

  private var gap: Double { Self.top + side + 26 }

  private func strip(_ name: String, _ groups: [[Int]], y: Double) -> [Markup] {
    let groupOfLayer = Self.groupOfLayer(groups, count: count)
    let anchors = Set(groups.compactMap(\.first))
    let squares = rows.indices.flatMap { layer -> [Markup] in
      guard let group = groupOfLayer[layer] else { return [] }
      let rect = Markup.tag(
        "rect",
        [
          "class": "group g\(group % 8)", "x": place(layer, Self.left),
          "y": NumberText.coordinate(y), "width": NumberText.coordinate(cell), "height": "15",
        ],
        .tag("title", [:], .text("\(name): layer \(layer) in group \(group + 1)"))
      )
      guard anchors.contains(layer) else { return [rect] }
      let centre = NumberText.coordinate(Self.left + (Double(layer) + 0.5) * cell)
      let dot = ["class": "anchor", "cx": centre, "cy": NumberText.coordinate(y + 7.5), "r": "2.4"]
      return [
        rect, .element(name: "circle", attributes: dot.sorted { $0.key < $1.key }, children: []),
      ]
    }
    return [label(name, Self.left - 6, y + 12, "tick end")] + squares
  }
}
