using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Settings;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>docs/configuration.md names exactly the settings of the code, each with its default.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "configuration.md"));

    public static TheoryData<string> Sections => [.. Specs.Keys];

    private static Dictionary<string, ConfigurationSpec[]> Specs { get; } = new()
    {
        ["[destination.filesystem]"] = [AthenaSpecs.Filesystem],
        ["[destination.athena]"] = [AthenaSpecs.Athena],
        ["[destination.athena.credentials]"] = [AthenaSpecs.Credentials],
        ["[extract]"] = [StepSpecs.Extract],
        ["[normalize]"] = [StepSpecs.Normalize],
        ["[normalize.parquet_normalizer]"] = [StepSpecs.ParquetNormalizer],
        ["[normalize.data_writer]"] = [StepSpecs.DataWriter, StepSpecs.Parquet],
        ["[load]"] = [StepSpecs.Load],
        ["[schema]"] = [StepSpecs.Schema],
        ["[pipelines.<name>]"] = [StepSpecs.Pipeline],
        ["[runtime]"] = [StepSpecs.Runtime, StepSpecs.Log],
    };

    [Theory, MemberData(nameof(Sections))]
    public void A_section_has_a_row_for_each_setting_with_effect_and_lists_those_without(string section)
    {
        var text = TextOf(section);
        var rows = Row().Matches(text).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var fields = Specs[section].SelectMany(s => s.Fields).ToList();
        Assert.Equal(fields.Where(HasEffect).Select(f => f.Name).Order(), rows.Keys.Order());
        foreach (var field in fields.Where(f => HasEffect(f) && f.Default is not null))
            Assert.Equal($"{field.Name}: {DefaultOf(field)}", $"{field.Name}: {rows[field.Name].Trim('`')}");
        foreach (var name in fields.Where(f => !HasEffect(f)).Concat(Specs[section].SelectMany(s => s.Others)).Select(f => f.Name)
            .Concat(fields.SelectMany(f => f.Synonyms)))
            Assert.Contains($"`{name}`", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_record_of_settings_has_a_section()
    {
        var records = new[] { typeof(AthenaSpecs), typeof(StepSpecs) }.SelectMany(t => t.GetProperties())
            .Where(p => p.PropertyType == typeof(ConfigurationSpec))
            .Select(p => (p.Name, Spec: (ConfigurationSpec)p.GetValue(null)!));
        var shown = Specs.Values.SelectMany(s => s).Append(AthenaSpecs.LakeFormation).Select(s => s.Name).ToHashSet();
        Assert.DoesNotContain(records, r => !shown.Contains(r.Spec.Name));
        foreach (var field in AthenaSpecs.LakeFormation.Fields) Assert.Contains($"`{field.Name}`", TextOf("[destination.athena]"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_folders_of_the_page_are_those_of_a_run()
    {
        var project = Path.GetFullPath("project");
        string? Variable(string name) => name == "DLT_DATA_DIR" ? "data" : null;
        Assert.Equal(Path.Combine(project, "data", "pipelines"), RunContext.Of(project, Variable).PipelinesFolder);
        Assert.Equal(Path.Combine(project, ".dlt-local", "pipelines"), LocalAthena.Open(Some.Configuration(project)).PipelinesFolder);
        var home = Environment.UserName == "root" ? "/var/dlt"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dlt");
        Assert.Equal(Path.Combine(home, "pipelines"), RunContext.Of(project, _ => null).PipelinesFolder);
        foreach (var part in new[] { "`.dlt-local/pipelines/<pipeline>`", "`~/.dlt/pipelines/<pipeline>`",
            "`/var/dlt/pipelines/<pipeline>`", "`<folder>/pipelines/<pipeline>`" })
            Assert.Contains(part, Page, StringComparison.Ordinal);
    }

    private static bool HasEffect(ConfigurationField field) => field.Unsupported is null or { SupportedKeys.Length: > 0 };

    private static string DefaultOf(ConfigurationField field) => field.Default!.Kind == JsonKind.String ? field.Default.AsString()
        : field.Default.ToString();

    /// <summary>From the heading that names the section to the next heading.</summary>
    private static string TextOf(string section)
    {
        var parts = Heading().Split(Page);
        return Assert.Single(parts, p => p.StartsWith($"`{section}`", StringComparison.Ordinal));
    }

    [GeneratedRegex("^#+ ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| `([a-z_]+)` \|[^|]*\| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
