using System.Globalization;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>Writes packages and jobs as JSON, for programs. Names are in snake_case, times in ISO form.</summary>
internal static class PackageJson
{
    public static JsonValue Of(StoredPackage package) => JsonValue.Object(
        ("load_id", JsonValue.String(package.LoadId)),
        ("state", JsonValue.String(PipelineTexts.State(package.State).Replace(' ', '_'))),
        ("folder", JsonValue.String(package.Folder)),
        ("created_at", Time(package.CreatedAt)),
        ("completed_at", Time(package.CompletedAt)));

    public static JsonValue Of(StoredPackage package, StoredPackageContent content) => Of(package)
        .With("schema", JsonValue.String(content.Schema.Schema.Name))
        .With("location", JsonValue.String(content.Location))
        .With("rows", JsonValue.Object(content.RowCounts.OrderBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => KeyValuePair.Create(r.Key, JsonValue.Integer(r.Value)))))
        .With("jobs", JsonValue.Array([.. content.Jobs.Select(Of)]));

    public static JsonValue Of(StoredJob job) => JsonValue.Object(
        ("job_id", JsonValue.String(job.JobId)),
        ("table", JsonValue.String(job.Table)),
        ("format", JsonValue.String(job.Format)),
        ("state", JsonValue.String(job.State.ToString().ToLowerInvariant())),
        ("path", JsonValue.String(job.Path)),
        ("size_bytes", JsonValue.Integer(job.SizeBytes)),
        ("failures", JsonValue.Array([.. job.Failures.Select(f => JsonValue.Object(
            ("attempt", JsonValue.Integer(f.Attempt)),
            ("transient", JsonValue.Bool(f.IsTransient)),
            ("message", JsonValue.String(f.Message))))])));

    private static JsonValue Time(DateTimeOffset? time) =>
        JsonValue.String(time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
}
