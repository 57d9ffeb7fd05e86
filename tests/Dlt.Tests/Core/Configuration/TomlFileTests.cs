using Dlt.Configuration;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Configuration;

public sealed class TomlFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a = 1\na = 2\n", "a", 2)]
    [InlineData("\"a\" = 1\na = 2\n", "a", 2)]
    [InlineData("a.b = 1\na.b = 2\n", "a.b", 2)]
    [InlineData("[s]\nx = 1\n[s]\ny = 2\n", "s", 3)]
    [InlineData("a = 1\n[a]\nb = 1\n", "a", 2)]
    [InlineData("[a]\nb = 1\n[a.b]\nc = 1\n", "a.b", 3)]
    [InlineData("a = { b = 1, b = 2 }\n", "a.b", 1)]
    [InlineData("a = { b = 1 }\n[a.c]\nd = 1\n", "a", 2)]
    [InlineData("[[a]]\nx = 1\n[a]\ny = 1\n", "a", 3)]
    [InlineData("[destination.filesystem]\nbucket_url = \"s3://one\"\nlayout = \"x\"\nbucket_url = \"s3://two\"\n",
        "destination.filesystem.bucket_url", 4)]
    public void A_key_occurs_once(string toml, string key, int line)
    {
        var file = Write(toml);
        var error = Assert.Throws<ConfigurationException>(() => TomlFile.Read(file));
        Assert.Equal((file, line), (error.File, error.Line));
        Assert.Equal([key], error.Fields);
        Assert.Contains($"{file}: line {line}, ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the key '{key}' is set twice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = [1, 2\nb = 3\n", 1, 5, "the list of 'a' is not closed: ']' is missing")]
    [InlineData("[s]\nx = 1\nkeys = [\n  \"]\",   # ]\n  '[',\n\n[t]\ny = [1]\n", 3, 8, "the list of 'keys' is not closed: ']' is missing")]
    [InlineData("a = { b = 1\nc = 2\n", 1, 5, "the table of 'a' is not closed: '}' is missing")]
    [InlineData("a = [[1, 2], [3]\n", 1, 5, "the list of 'a' is not closed: ']' is missing")]
    public void A_list_or_table_that_does_not_end_is_an_error_at_its_beginning(string toml, int line, int column, string problem)
    {
        var file = Write(toml);
        var error = Assert.Throws<ConfigurationException>(() => TomlFile.Read(file));
        Assert.Equal($"{file}: line {line}, column {column}: {problem}. Correct the file; nothing was run.", error.Message);
        Assert.Equal((line, column), (error.Line!.Value, error.Column!.Value));
    }

    [Theory]
    [InlineData("a = [1, x]\n")]
    [InlineData("a = [1, 2]]\n")]
    [InlineData("[s\na = [1]\n")]
    public void Brackets_that_end_are_not_blamed_for_other_errors(string toml)
    {
        var error = Assert.Throws<ConfigurationException>(() => TomlFile.Read(Write(toml)));
        Assert.DoesNotContain("is not closed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a.b]\nx = 1\n[a]\ny = 1\n")]
    [InlineData("[a.b.c]\n[a]\n[a.b]\n")]
    [InlineData("[[a]]\nx = 1\n[[a]]\nx = 1\n")]
    [InlineData("[a]\nx = 1\n[b]\nx = 1\n")]
    [InlineData("a.b = 1\na.c = 2\n")]
    public void Tables_may_be_opened_in_any_order(string toml) => Assert.NotEmpty(TomlFile.Read(Write(toml)).Members);

    [Theory]
    [InlineData("aws_secret_access_key = HUSHHUSH\n")]
    [InlineData("aws_secret_access_key = 'x' HUSHHUSH\n")]
    [InlineData("aws_secret_access_key = \"HUSHHUSH\nx = 1\n")]
    [InlineData("aws_secret_access_key = \"HUSHHUSH\"\naws_secret_access_key = \"HUSHHUSH\"\n")]
    [InlineData("aws_secret_access_key = \"HUSHHUSH\"\n[aws_secret_access_key]\n")]
    [InlineData("aws_secret_access_key HUSHHUSH\n")]
    [InlineData("HUSHHUSH\n")]
    public void An_error_in_a_file_shows_none_of_its_values(string toml)
    {
        var error = Assert.Throws<ConfigurationException>(() => TomlFile.Read(Write(toml)));
        Assert.DoesNotContain("HUSHHUSH", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.Line);
    }

    private string Write(string toml)
    {
        _folder.Write("config.toml", toml);
        return _folder.File("config.toml");
    }
}
