/// Lines over one axis, drawn as SVG.
struct LineChart {
  /// One line.
  struct Line {
    /// Name in the legend and in hints.
    var name: String
    /// Which of the page's series colours it has, from 0.
    var colour: Int
    /// The points, by ascending x; one that cannot be presented interrupts the line.
    var points: [(x: Double, y: Double)]
    /// Lowest and highest y at each point, as many as there are points; none: no band.
    var ranges: [ClosedRange<Double>] = []
  }

  /// Where something begins along the x axis.
  struct Mark {
    var x: Double
    var label: String
  }

  var title: String
  var xTitle: String
  var yTitle: String
  var lines: [Line]
  var marks: [Mark] = []
  var xIsWhole = false

  private static let width = 560.0
  private static let height = 320.0
  private static let left = 54.0
  private static let right = 508.0
  private static let top = 30.0
  private static let bottom = 272.0

  /// The chart with its caption and legend.
  var figure: Markup {
    let known = lines.filter { line in
      line.points.contains { $0.x.isPresentable && $0.y.isPresentable }
    }
    let caption = Markup.tag("figcaption", [:], .text(title))
    guard !known.isEmpty else {
      return .tag("figure", [:], caption, .tag("p", ["class": "empty"], "Nothing was measured."))
    }
    return .tag("figure", [:], caption, drawing(known), Self.legend(known))
  }

  private func drawing(_ lines: [Line]) -> Markup {
    let points = lines.flatMap(\.points).filter { $0.x.isPresentable && $0.y.isPresentable }
    let horizontal = AxisScale(
      fitting: points.map(\.x),
      startsAtZero: true,
      wholeSteps: xIsWhole
    )
    let ends = lines.flatMap(\.ranges).flatMap { [$0.lowerBound, $0.upperBound] }
    let vertical = AxisScale(fitting: points.map(\.y) + ends, mayBeLogarithmic: true)
    let frame = Frame(horizontal: horizontal, vertical: vertical)
    let bands = lines.compactMap { Self.band($0, frame) }
    let parts = axes(frame) + marks(frame) + bands + lines.flatMap { Self.draw($0, frame) }
    return .tag(
      "svg",
      [
        "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))", "role": "img",
        "aria-label": title,
      ],
      parts + Self.endLabels(lines, frame)
    )
  }

  /// Both scales together: from values to coordinates.
  private struct Frame {
    var horizontal: AxisScale
    var vertical: AxisScale

    func x(_ value: Double) -> Double { left + (right - left) * horizontal.position(value) }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * vertical.position(value) }
  }
}

// MARK: - Axes

extension LineChart {
  private func axes(_ frame: Frame) -> [Markup] {
    let rows = frame.vertical.ticks.flatMap { tick -> [Markup] in
      let y = frame.y(tick)
      return [
        Self.line(Self.left, y, Self.right, y, "grid"),
        Self.text(frame.vertical.label(tick), Self.left - 8, y + 4, "tick end"),
      ]
    }
    let columns = frame.horizontal.ticks.flatMap { tick -> [Markup] in
      let x = frame.x(tick)
      return [
        Self.line(x, Self.bottom, x, Self.bottom + 4, "axis"),
        Self.text(frame.horizontal.label(tick), x, Self.bottom + 18, "tick middle"),
      ]
    }
    let scale = frame.vertical.isLogarithmic ? ", logarithmic" : ""
    return rows + columns + [
      Self.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis"),
      Self.text(yTitle + scale, Self.left - 40, 14, "title"),
      Self.text(xTitle, (Self.left + Self.right) / 2, Self.bottom + 40, "title middle"),
    ]
  }

  private func marks(_ frame: Frame) -> [Markup] {
    marks.filter { frame.horizontal.bounds.contains($0.x) }.flatMap { mark -> [Markup] in
      let x = frame.x(mark.x)
      return [
        Self.line(x, Self.top, x, Self.bottom, "mark"),
        Self.text(mark.label, x + 4, Self.top + 8, "marklabel"),
      ]
    }
  }
}

// MARK: - Lines

extension LineChart {
  private static func draw(_ line: Line, _ frame: Frame) -> [Markup] {
    var path = ""
    var isDrawing = false
    var dots: [Markup] = []
    let step = max(1, line.points.count / 60)
    for (index, point) in line.points.enumerated() {
      guard point.x.isPresentable, point.y.isPresentable else {
        isDrawing = false
        continue
      }
      let (x, y) = (frame.x(point.x), frame.y(point.y))
      path += "\(isDrawing ? "L" : "M")\(NumberText.coordinate(x)) \(NumberText.coordinate(y))"
      isDrawing = true
      if index % step == 0 || index == line.points.count - 1 {
        dots.append(dot(line, point, x, y, frame))
      }
    }
    return [.tag("path", ["class": "line \(style(of: line.colour))", "d": path], [])] + dots
  }

  /// What lies between the lowest and the highest y.
  private static func band(_ line: Line, _ frame: Frame) -> Markup? {
    guard !line.ranges.isEmpty else { return nil }
    let edge = zip(line.points, line.ranges).filter { point, range in
      [point.x, range.lowerBound, range.upperBound].allSatisfy(\.isPresentable)
    }
    let places =
      edge.map { (frame.x($0.x), frame.y($1.lowerBound)) }
      + edge.reversed().map { (frame.x($0.x), frame.y($1.upperBound)) }
    let path = places.map { "\(NumberText.coordinate($0)) \(NumberText.coordinate($1))" }
    guard !path.isEmpty else { return nil }
    let drawing = "M" + path.joined(separator: "L") + "Z"
    return .tag("path", ["class": "band \(style(of: line.colour))", "d": drawing], [])
  }

  /// Six colours; further lines have them again, dashed.
  private static func style(of colour: Int) -> String {
    "s\(colour % 6)" + (colour / 6 % 2 == 1 ? " again" : "")
  }

  private static func dot(
    _ line: Line,
    _ point: (x: Double, y: Double),
    _ x: Double,
    _ y: Double,
    _ frame: Frame
  ) -> Markup {
    let value = NumberText.fixed(point.y, decimals: 4)
    let place = NumberText.fixed(point.x, decimals: point.x == point.x.rounded() ? 0 : 2)
    return .tag(
      "circle",
      [
        "class": "dot \(style(of: line.colour))", "cx": NumberText.coordinate(x),
        "cy": NumberText.coordinate(y), "r": "2.6",
      ],
      .tag("title", [:], .text("\(line.name): \(value) at \(place)"))
    )
  }

  /// The last value of each line beside its end, pushed apart where they would overlap.
  private static func endLabels(_ lines: [Line], _ frame: Frame) -> [Markup] {
    let ends = lines.compactMap { line -> (line: Line, x: Double, y: Double, value: Double)? in
      guard let last = line.points.last(where: { $0.x.isPresentable && $0.y.isPresentable }) else {
        return nil
      }
      return (line, frame.x(last.x), frame.y(last.y), last.y)
    }
    var lowest = -Double.infinity
    return ends.sorted { $0.y < $1.y }.map { end in
      let y = max(end.y + 4, lowest + 13)
      lowest = y
      let label = NumberText.fixed(end.value, decimals: 3)
      return text(label, end.x + 7, y, "endlabel \(style(of: end.line.colour))")
    }
  }

  private static func legend(_ lines: [Line]) -> Markup {
    .tag(
      "div",
      ["class": "legend"],
      lines.map { line in
        .tag(
          "span",
          [:],
          .tag("i", ["class": "swatch \(style(of: line.colour))"], []),
          .text(line.name)
        )
      }
    )
  }

  private static func line(
    _ x1: Double,
    _ y1: Double,
    _ x2: Double,
    _ y2: Double,
    _ style: String
  ) -> Markup {
    .tag(
      "line",
      [
        "class": style, "x1": NumberText.coordinate(x1), "y1": NumberText.coordinate(y1),
        "x2": NumberText.coordinate(x2), "y2": NumberText.coordinate(y2),
      ],
      []
    )
  }

  private static func text(_ text: String, _ x: Double, _ y: Double, _ style: String) -> Markup {
    .tag(
      "text",
      ["class": style, "x": NumberText.coordinate(x), "y": NumberText.coordinate(y)],
      .text(text)
    )
  }
}
