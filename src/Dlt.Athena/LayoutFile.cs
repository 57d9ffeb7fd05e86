namespace Dlt;

/// <summary>A file of an external table, for which a placeholder of the layout makes a part of the key.</summary>
/// <param name="SchemaName">Schema of the load.</param>
/// <param name="TableName">Table of the file, normalized.</param>
/// <param name="LoadId">Load that writes the file.</param>
/// <param name="FileId">Id of the file, unique in its load.</param>
/// <param name="Extension">Ending of the file without a point, such as <c>parquet</c>.</param>
public sealed record LayoutFile(string SchemaName, string TableName, string LoadId, string FileId, string Extension);
