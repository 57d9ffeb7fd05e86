using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Naming;
using Xunit;

namespace Dlt.Golden.Units;

public class NamingTests
{
    public static TheoryData<string> Cases =>
        UnitFile.Ids("naming", "identifier", "fragments", "break_path", "shorten", "tag", "conventions", "s3_tables_max_length");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Names_become_identifiers_as_in_dlt(string id) => UnitFile.Run("naming", id, test =>
    {
        switch (test["kind"]!.AsString())
        {
            case "identifier":
                Identifier(test);
                break;
            case "fragments":
                Fragments(test);
                break;
            case "break_path":
                foreach (var (name, expected) in test["expected"]!.Members)
                    Assert.Equal(expected.Items.Select(i => i.AsString()), Convention(name, "none").BreakPath(test["input"]!.AsString()));
                break;
            case "shorten":
                var shortening = NamingConvention.Create(test["convention"]?.AsString() ?? "snake_case",
                    (int)test["max_length"]!.AsInt64());
                var result = test["expected"]!;
                Check(result["identifier"], () => shortening.NormalizeIdentifier(test["input"]!.AsString()));
                Check(result["path"], () => shortening.NormalizePath(test["input"]!.AsString()));
                Check(result["tables_path"], () => shortening.NormalizeTablesPath(test["input"]!.AsString()));
                break;
            case "tag":
                Assert.Equal(test["expected"]!.AsString(), NamingConvention.Tag(test["input"]!.AsString()));
                break;
            case "conventions":
                foreach (var (name, expected) in test["expected"]!.Members)
                {
                    var convention = Convention(name, "none");
                    Assert.Equal(expected["case_sensitive"]!.AsBool(), convention.IsCaseSensitive);
                    Assert.Equal(expected["path_separator"]!.AsString(), convention.PathSeparator);
                    Assert.Equal(expected["default_max_length"]!.IsNull ? null : (int)expected["default_max_length"]!.AsInt64(),
                        convention.MaxLength);
                }

                break;
            default:
                int? max = test["input"]!.IsNull ? null : (int)test["input"]!.AsInt64();
                if (ErrorOutcome.IsError(test["expected"]!))
                    ErrorOutcome.Throws(test["expected"]!, () => NamingConvention.Create("s3_tables", max));
                else Assert.Equal((int?)test["expected"]!.AsInt64(), NamingConvention.Create("s3_tables", max).MaxLength);
                break;
        }
    });

    private static void Identifier(JsonValue test)
    {
        var input = test["input"]!.AsString();
        foreach (var (name, lengths) in test["expected"]!.Members)
        {
            foreach (var length in new[] { "none", "16", "63", "255" })
            {
                var expected = lengths[length] ?? lengths["none"]!;
                var convention = Convention(name, length);
                if (ErrorOutcome.IsError(expected))
                {
                    ErrorOutcome.Throws(expected, () => convention.NormalizeIdentifier(input));
                    continue;
                }

                var identifier = expected["identifier"]!;
                Check(identifier, () => convention.NormalizeIdentifier(input));
                Check(expected["table_identifier"] ?? identifier, () => convention.NormalizeTableIdentifier(input));
                Check(expected["path"] ?? identifier, () => convention.NormalizePath(input));
                Check(expected["tables_path"] ?? expected["path"] ?? identifier, () => convention.NormalizeTablesPath(input));
            }
        }
    }

    private static void Fragments(JsonValue test)
    {
        string[] parts = [.. test["input"]!.Items.Select(i => i.IsNull ? "" : i.AsString())];
        foreach (var (name, expected) in test["expected"]!.Members)
        {
            foreach (var (form, text) in expected.Members)
            {
                var convention = Convention(
                    name, form.StartsWith("shorten_fragments_", StringComparison.Ordinal) ? form["shorten_fragments_".Length..] : "none");
                Assert.Equal(text.AsString(), form == "make_path" ? convention.MakePath(parts) : convention.ShortenFragments(parts));
            }
        }
    }

    private static void Check(JsonValue? expected, Func<string> actual)
    {
        if (expected is null) return;
        if (ErrorOutcome.IsError(expected)) ErrorOutcome.Throws(expected, () => actual());
        else Assert.Equal(expected.AsString(), actual());
    }

    private static NamingConvention Convention(string name, string length) =>
        NamingConvention.Create(name, length == "none" ? null : int.Parse(length));
}
