using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Destinations.Staging;

/// <summary>A file of a job in an external table: where it is, and what the store must have there.</summary>
/// <param name="Location">The object.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Rows">Number of rows.</param>
internal sealed record StagedFile(ObjectLocation Location, long Size, long Rows)
{
    /// <summary>Describes the file of a job: from the file on this machine, otherwise from the receipt in the journal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="location">Where a job that has its file is uploaded to.</param>
    public static StagedFile Of(LoadJob job, Func<LoadJob, ObjectLocation> location)
    {
        if (job.FilePath.Length > 0) return new(location(job), new FileInfo(job.FilePath).Length, new ParquetFile(job.FilePath).Rows);
        return FromJson(JsonValue.Parse(job.Receipt.Span));
    }

    /// <summary>True for the receipt of a file, false for another one.</summary>
    public static bool IsReceipt(ReadOnlyMemory<byte> receipt) => !receipt.IsEmpty && JsonValue.Parse(receipt.Span)["location"] is not null;

    /// <summary>Reads the stored form.</summary>
    public static StagedFile FromJson(JsonValue json) =>
        new(ObjectLocation.Parse(json["location"]!.AsString()), json["size"]!.AsInt64(), json["rows"]!.AsInt64());

    /// <summary>The receipt, for the journal.</summary>
    public ReadOnlyMemory<byte> ToReceipt() => JsonText.WriteUtf8(ToJson());

    /// <summary>The stored form.</summary>
    public JsonValue ToJson() => JsonValue.Object(
        ("location", JsonValue.String(Location.ToString())),
        ("size", JsonValue.Integer(Size)),
        ("rows", JsonValue.Integer(Rows)));
}
