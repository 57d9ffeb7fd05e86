using System.Text;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>A staged job of a prepared load.</summary>
/// <param name="FileId">Id of the file.</param>
/// <param name="Format">Format of the file.</param>
/// <param name="JobId">Name of the job in messages.</param>
/// <param name="Receipt">
/// The receipt: <see cref="Staging.StagedManifest"/> for an Iceberg table, <see cref="Staging.StagedFile"/> for an external one.
/// </param>
internal sealed record PreparedJob(string FileId, string Format, string JobId, string Receipt)
{
    public static PreparedJob Of(LoadJob job, ReadOnlyMemory<byte> receipt) =>
        new(job.FileId, job.Format, job.JobId, Encoding.UTF8.GetString(receipt.Span));

    /// <summary>Returns the job. It has no file on this machine.</summary>
    public LoadJob ToJob(string loadId, TableSchema table, Schema schema) => new()
    {
        LoadId = loadId,
        FileId = FileId,
        Format = Format,
        JobId = JobId,
        FilePath = "",
        Table = table,
        Schema = schema,
        Receipt = Encoding.UTF8.GetBytes(Receipt),
    };

    public JsonValue ToJson() => JsonValue.Object(
        ("file-id", JsonValue.String(FileId)),
        ("format", JsonValue.String(Format)),
        ("job-id", JsonValue.String(JobId)),
        ("receipt", JsonValue.String(Receipt)));

    public static PreparedJob FromJson(JsonValue json) =>
        new(json["file-id"]!.AsString(), json["format"]!.AsString(), json["job-id"]!.AsString(), json["receipt"]!.AsString());
}
