using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using Dlt.Cli.Commands;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>docs/commands.md lists exactly the commands and options of the command line.</summary>
public sealed class CommandPageTests
{
    private static readonly Dictionary<string, string> Sections = Read();

    [Fact]
    public void Every_command_has_a_section_and_every_section_a_command()
    {
        var commands = Commands(CommandTree.Create(), "dlt").Select(c => c.Path).Where(p => p != "dlt");
        Assert.Equal(commands.Order(StringComparer.Ordinal),
            Sections.Keys.Where(k => k.StartsWith("dlt ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_option_of_a_command_is_in_its_section_and_no_other_is()
    {
        foreach (var (path, command) in Commands(CommandTree.Create(), "dlt").Where(c => c.Path != "dlt"))
        {
            var rows = Rows(Sections[path]);
            var shared = path.StartsWith("dlt iceberg ", StringComparison.Ordinal) ? Rows(Sections["dlt iceberg"]) : [];
            if (path.StartsWith("dlt pipeline ", StringComparison.Ordinal)) shared = Rows(Sections["dlt pipeline"]);
            if (path.StartsWith("dlt maintain ", StringComparison.Ordinal)) shared = Rows(Sections["dlt maintain"]);
            var options = command.Options.Where(o => o is not HelpOption).SelectMany(o => o.Aliases.Prepend(o.Name)).ToList();
            Assert.Equal(options.Except(shared).Order(StringComparer.Ordinal),
                rows.Except(path is "dlt iceberg" or "dlt maintain" ? rows : []).Where(r => r[0] == '-').Order(StringComparer.Ordinal));
            foreach (var argument in command.Arguments.Select(a => $"<{a.HelpName ?? a.Name}>"))
                Assert.Contains(argument, rows.Concat(shared));
        }
    }

    [Fact]
    public void Options_of_all_commands_are_at_the_top()
    {
        var options = CommandTree.Create().Options.SelectMany(o => o.Aliases.Prepend(o.Name));
        Assert.Equal(options.Order(StringComparer.Ordinal), Rows(Sections[""]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_that_does_something_has_an_example_that_parses()
    {
        var root = CommandTree.Create();
        foreach (var (path, _) in Commands(root, "dlt").Where(c => c.Path is not ("dlt" or "dlt iceberg")))
        {
            var examples = Matches(Sections[path][path.Length..], """^(?:.*\| )?(?:eval "\$\()?(dlt .*?)(?: > \S+|\)")?$""");
            Assert.NotEmpty(examples);
            Assert.All(examples, e =>
                Assert.Equal((e, ""), (e, string.Join(' ', root.Parse(Words(e[4..])).Errors.Select(p => p.Message)))));
        }
    }

    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path) =>
        command.Subcommands.SelectMany(c => Commands(c, $"{path} {c.Name}")).Prepend((path, command));

    /// <summary>Returns the code words in the first cells of the tables.</summary>
    private static List<string> Rows(string section) =>
        [.. Matches(section, @"^\| (`[^|]*`) \|").SelectMany(cell => Matches(cell, "`([^`]+)`"))];

    /// <summary>Returns the first group of each match.</summary>
    private static List<string> Matches(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Multiline).Select(m => m.Groups[1].Value)];

    private static string[] Words(string line)
    {
        var words = Regex.Matches(line, """'([^']*)'|"([^"]*)"|(\S+)""");
        return [.. words.Select(m => m.Groups[1].Value + m.Groups[2].Value + m.Groups[3].Value)];
    }

    private static Dictionary<string, string> Read()
    {
        var page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "commands.md"));
        return Regex.Split(page, "^## ", RegexOptions.Multiline)
            .Select((s, i) => (Name: i == 0 ? "" : s[..s.IndexOf('\n', StringComparison.Ordinal)], Text: s))
            .ToDictionary(s => s.Name, s => s.Text);
    }
}
