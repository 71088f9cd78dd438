/// The report of a run: one HTML file that needs nothing else.
///
/// ```swift
/// try Data(ReportPage(data).html.utf8).write(to: directory.appending(path: "report.html"))
/// ```
/// Numbers that are missing or not finite are dashes and gaps; sections without contents are left
/// out.
public struct ReportPage: Sendable {
  let data: ReportData

  /// Prepares the page.
  ///
  /// - Parameter data: What it shows.
  public init(_ data: ReportData) { self.data = data }

  /// The whole file.
  public var html: String {
    Page(
      title: data.title,
      subtitle: data.subtitle,
      settings: data.settings,
      sections: sections
    ).html
  }

  private var sections: [Markup] {
    [results, sameLoss, charts, traffic, stageTable, similarityMap, answers].compactMap { $0 }
  }
}
