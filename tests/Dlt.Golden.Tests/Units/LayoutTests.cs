using System.Globalization;
using Dlt.Destinations;
using Dlt.Destinations.Settings;
using Dlt.Files;
using Dlt.Golden.Harness;
using Dlt.Internal;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Storage;
using Xunit;

namespace Dlt.Golden.Units;

public class LayoutTests
{
    public static TheoryData<string> Cases =>
        UnitFile.Ids("layout", "path", "clock", "table_prefix", "job_file_name", "build_job_file_name",
            "file_name_component", "constants", "table_location", "file_format");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    [Scenario("T-16", "prefix-0*")]
    [Scenario("T-17", "path-*", "clock-*")]
    [Scenario("T-18", "path-unknown", "path-format-spec")]
    [Scenario("T-19", "path-current-wins")]
    [Scenario("T-20", "prefix-*", "ddl-layout-literal")]
    public void Objects_and_job_files_are_named_as_in_dlt(string id) => UnitFile.Run("layout", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "path":
                PathOf(test, expected);
                break;
            case "clock":
                var now = Time(test["current_datetime"]) ?? Time(test["load_package_timestamp"])!.Value.ToUniversalTime();
                var clock = FileLayout.Clock.Of(now, Time(test["load_package_timestamp"]) ?? now).ToDictionary(c => c.Name, c => c.Value);
                foreach (var (name, value) in expected.Members) Assert.Equal(value.AsString(), clock[name]);
                break;
            case "table_prefix":
                var layout = test["layout"]!.AsString();
                if (ErrorOutcome.IsError(expected["athena"]!))
                    ErrorOutcome.Throws(expected["athena"]!, () => new FileLayout(layout, ["extra"]).TablePrefix("{table_name}"));
                else Assert.Equal(expected["athena"]!.AsString(), new FileLayout(layout).TablePrefix("{table_name}"));
                break;
            case "job_file_name":
                Job(test["input"]!.AsString(), expected);
                break;
            case "build_job_file_name":
                var input = test["input"]!;
                if (ErrorOutcome.IsError(expected))
                    ErrorOutcome.Throws(expected, () => FileNameComponent.Check(input["table"]!.AsString(), "table name"));
                else Assert.Equal(expected.AsString(),
                    new JobFileName(input["table"]!.AsString(), input["file_id"]?.AsString() ?? "x",
                        (int)input["retry"]!.AsInt64(), input["format"]!.AsString()).FileName);
                break;
            case "file_name_component":
                if (expected["ok"] is not null) FileNameComponent.Check(test["input"]!.AsString(), "name");
                else ErrorOutcome.Throws(expected, () => FileNameComponent.Check(test["input"]!.AsString(), "name"));
                break;
            case "file_format":
                Assert.Equal(new FileFormat(expected.Items[0].AsString(), expected.Items[1].AsBool()),
                    FileFormat.Of(test["input"]!.AsString()));
                break;
            case "constants":
                foreach (var (name, value) in PackageFolders.All) Assert.Equal(expected[name]!.AsString(), value);
                break;
            default:
                TableLocationCases.Check(test, expected);
                break;
        }
    });

    private static void PathOf(JsonValue test, JsonValue expected)
    {
        var extra = new Dictionary<string, string>();
        var job = JobFileName.Parse(test["file"]!.AsString());
        if (test["extra_placeholders"] is { Kind: JsonKind.Object } placeholders)
        {
            foreach (var (name, value) in placeholders.Members)
            {
                extra[name] = value.Kind switch
                {
                    JsonKind.String when value.AsString() == "callback" =>
                        string.Join('-', test["schema_name"]!.AsString(), job.Table, test["load_id"]!.AsString(), job.FileId, job.Format),
                    JsonKind.String => value.AsString(),
                    _ => value.ToString(),
                };
            }
        }

        string Make()
        {
            var layout = new FileLayout(test["layout"]!.AsString(), extra.Keys)
            {
                ExtraValues = extra.ToDictionary(e => e.Key, e => (Func<LayoutFile, string>)(_ => e.Value)),
                CurrentTime = Time(test["current_datetime"]),
            };
            var package = Time(test["load_package_timestamp"]) ?? Time(test["current_datetime"])!.Value;
            return layout.PathOf(job, test["schema_name"]!.AsString(), test["load_id"]!.AsString(), package);
        }

        if (ErrorOutcome.IsError(expected)) ErrorOutcome.Throws(expected, () => Make());
        else Assert.Equal(expected.AsString(), Make());
    }

    private static DateTimeOffset? Time(JsonValue? text) =>
        text is { Kind: JsonKind.String }
            ? DateTimeOffset.Parse(text.AsString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private static void Job(string name, JsonValue expected)
    {
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => JobFileName.Parse(name));
            return;
        }

        var job = JobFileName.Parse(name);
        Assert.Equal(expected["table_name"]!.AsString(), job.Table);
        Assert.Equal(expected["file_id"]!.AsString(), job.FileId);
        Assert.Equal(expected["retry_count"]!.AsInt64(), job.RetryCount);
        Assert.Equal(expected["file_format"]!.AsString(), job.Format);
        Assert.Equal(expected["is_compressed"]!.AsBool(), job.IsCompressed);
        Assert.Equal(expected["job_id"]!.AsString(), job.JobId);
        Assert.Equal(expected["file_name"]!.AsString(), job.FileName);
        Assert.Equal(expected["with_retry"]!.AsString(), job.WithRetry().FileName);
    }
}
