using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Commands.Pipelines;
using Dlt.Cli.Help;

namespace Dlt.Cli.Commands.Maintain;

/// <summary><c>dlt maintain orphans DATASET</c>: lists the files that dead loads have left, and removes them after a question.</summary>
internal static class OrphansCommand
{
    private static readonly TimeSpan DefaultAge = TimeSpan.FromDays(3);

    public static Command Create()
    {
        var age = TypedOption.Age(
            "--older-than",
            "Remove only objects at least this old, such as 36h or 5d (3d); younger ones may belong to a load or a query that runs.");
        var options = new MaintainOptions();
        var command = options.CommandOf("orphans", "List what dead loads have left, then remove it after a question.");
        command.Options.Insert(0, age);
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, async stop =>
        {
            var isJson = options.IsJson(parse);
            var minAge = parse.GetValue(age) ?? DefaultAge;
            var maintenance = options.Open(parse);
            await using (maintenance)
            {
                var orphans = await maintenance.FindOrphansAsync(options.DatasetOf(parse), stop);
                var limit = TimeProvider.System.GetUtcNow() - minAge;
                var removable = orphans.Count(o => o.IsDead && o.LastModified <= limit);
                if (!isJson) Print(orphans, limit);
                IReadOnlyList<OrphanFile> removed = [];
                if (removable > 0 && options.Confirm(parse, $"Remove {Count(removable)}?"))
                    removed = await maintenance.RemoveAsync(orphans, minAge, stop);
                if (isJson) OutputOption.Print(Json(orphans, removed));
                else if (removed.Count > 0) Console.WriteLine($"Removed {Count(removed.Count)}.");
            }
        }));
        return command;
    }

    private static string Count(int objects) => string.Create(CultureInfo.InvariantCulture, $"{objects} object(s)");

    private static void Print(IReadOnlyList<OrphanFile> orphans, DateTimeOffset limit)
    {
        foreach (var orphan in orphans)
        {
            var note = orphan is { IsDead: false, LoadId: null } ? "; stays: a load is under way, and its commit may need it"
                : !orphan.IsDead ? $"; stays: load {orphan.LoadId} is not complete, and the next run of its pipeline needs it"
                : orphan.LastModified > limit ? "; stays: it is young" : "";
            Console.WriteLine($"{orphan.Location} ({KindOf(orphan)}, {PipelineTexts.Size(orphan.SizeBytes)}, "
                + $"{PipelineTexts.Time(orphan.LastModified)}{note})");
        }

        Console.WriteLine($"Found {Count(orphans.Count)}, {PipelineTexts.Size(orphans.Sum(o => o.SizeBytes))}, that dead loads left or "
            + "that loads under way need.");
    }

    private static string KindOf(OrphanFile orphan) => orphan.Kind switch
    {
        OrphanKind.Unreferenced => "unreferenced",
        OrphanKind.Incomplete => "incomplete_load",
        OrphanKind.PublishObject => "publish_object",
        OrphanKind.Dropped => "dropped_table",
        _ => "unfinished_upload",
    };

    private static JsonValue Json(IReadOnlyList<OrphanFile> orphans, IReadOnlyList<OrphanFile> removed)
    {
        var gone = removed.ToHashSet();
        return JsonValue.Object(("orphans", JsonValue.Array([.. orphans.Select(o => JsonValue.Object(
            ("kind", JsonValue.String(KindOf(o))),
            ("location", JsonValue.String(o.Location)),
            ("size_bytes", JsonValue.Integer(o.SizeBytes)),
            ("last_modified", JsonValue.String(o.LastModified.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))),
            ("load_id", JsonValue.String(o.LoadId)),
            ("dead", JsonValue.Bool(o.IsDead)),
            ("removed", JsonValue.Bool(gone.Contains(o)))))])));
    }
}
