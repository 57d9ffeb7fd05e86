namespace Dlt.Lake;

/// <summary>
/// Databases and tables of the AWS Glue Data Catalog. Implemented over AWS and over a local file; both pass one contract suite.
/// </summary>
/// <remarks>
/// Names are lower case on write and compared in lower case (AWS Glue API, Data Catalog). Safe for several threads at once. Each resource
/// of the API has a file of its own, here and in both implementations, so that a further one is a further file.
/// </remarks>
public partial interface IGlueCatalog;
