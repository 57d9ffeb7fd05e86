using System.CommandLine;
using System.Text.RegularExpressions;
using Dlt.Cli.Commands;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>The help of each command, word for word: a change of an option or a description shows in a <c>.verified.txt</c>.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Paths(CommandTree.Create(), "dlt")];

    [Theory, MemberData(nameof(Commands))]
    public async Task Help_of_a_command_is_as_verified(string command)
    {
        string[] arguments = [.. command.Split(' ')[1..], "--help"];
        using var output = new StringWriter();
        var code = await CommandTree.Create().Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);
        Assert.Equal(0, code);

        // The usage line begins with the name of the process, which is the test runner here.
        (string, string)[] scrubs =
        [
            (Regex.Escape(AppContext.BaseDirectory), "<folder of the command>/"),
            ($@"\b{Regex.Escape(RootCommand.ExecutableName)}\b", "dlt"),
        ];
        Verified.Matches(output.ToString(), command.Replace(' ', '_'), scrubs);
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(c => Paths(c, $"{path} {c.Name}")).Prepend(path);
}
