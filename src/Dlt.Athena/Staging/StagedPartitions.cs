using System.Collections.Immutable;

namespace Dlt.Destinations.Staging;

/// <summary>The receipt of a job for an external table with partitions: its files, one for each partition.</summary>
internal static class StagedPartitions
{
    /// <summary>Writes the receipt.</summary>
    public static ReadOnlyMemory<byte> ToReceipt(IEnumerable<StagedFile> files) =>
        JsonText.WriteUtf8(JsonValue.Object(("files", JsonValue.Array([.. files.Select(f => f.ToJson())]))));

    /// <summary>Reads the files of a receipt; none before the job is staged.</summary>
    public static ImmutableArray<StagedFile> Of(LoadJob job) =>
        job.Receipt.IsEmpty ? [] : [.. JsonValue.Parse(job.Receipt.Span)["files"]!.Items.Select(StagedFile.FromJson)];
}
