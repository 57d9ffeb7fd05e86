namespace Dlt.Lake;

/// <summary>
/// Reads and changes databases and tables of the AWS Glue Data Catalog. Implemented over AWS and over a local file; both pass the same
/// contract tests.
/// </summary>
/// <remarks>
/// Names are written in lower case and compared in lower case (AWS Glue API, Data Catalog). Safe for use by several threads at once. Each
/// resource of the API has its own file, here and in both implementations, so a new resource is a new file.
/// </remarks>
public partial interface IGlueCatalog;
