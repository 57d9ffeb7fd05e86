using Dlt.Iceberg.Avro;

namespace Dlt.Iceberg;

/// <summary>Reads manifest lists (docs/spec/iceberg.md 3.3).</summary>
internal static class ManifestListReader
{
    /// <exception cref="IcebergException">The file is damaged.</exception>
    public static List<ManifestFile> Read(byte[] content, string file)
    {
        var avro = new AvroFile(content, file);
        try
        {
            return [.. avro.Records().Select(Manifest)];
        }
        catch (Exception error) when (error is InvalidCastException or NullReferenceException or FormatException)
        {
            throw IcebergException.Corrupt(file, $"its records are not manifests: {error.Message}", null, error);
        }
    }

    private static ManifestFile Manifest(AvroRecord r) => new()
    {
        Path = r[500] as string ?? throw new FormatException("a manifest has no path"),
        Length = Long(r[501]) ?? throw new FormatException("a manifest has no length"),
        SpecId = (int)(Long(r[502]) ?? 0),
        IsDeletes = Long(r[517]) == 1,
        SequenceNumber = Long(r[515]) ?? 0,
        MinSequenceNumber = Long(r[516]) ?? 0,
        AddedSnapshotId = Long(r[503]) ?? 0,
        AddedFiles = (int?)Long(r[504]),
        ExistingFiles = (int?)Long(r[505]),
        DeletedFiles = (int?)Long(r[506]),
        AddedRows = Long(r[512]),
        ExistingRows = Long(r[513]),
        DeletedRows = Long(r[514]),
        Partitions = r[507] is List<object?> summaries ? [.. summaries.Select(s => Summary((AvroRecord)s!))] : default,
        KeyMetadata = r[519] as byte[],
        FirstRowId = Long(r[520]),
    };

    private static FieldSummary Summary(AvroRecord r) => new(r[509] is true, r[518] as bool?, r[510] as byte[], r[511] as byte[]);

    private static long? Long(object? value) => value switch
    {
        null => null,
        int number => number,
        long number => number,
        _ => throw new FormatException($"a number has the type {value.GetType().Name}"),
    };
}
