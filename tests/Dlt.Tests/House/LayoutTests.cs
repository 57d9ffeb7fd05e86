using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dlt.Tests.House;

public class LayoutTests
{
    private const int MaxColumns = 140;

    [Fact]
    public void A_line_has_at_most_140_columns()
    {
        var wide =
            from file in HouseFiles.All()
            from line in HouseFiles.Read(file).Split('\n').Index()
            where line.Item.TrimEnd('\r').Length > MaxColumns
            select $"{file}:{line.Index + 1}: {line.Item.Length} columns";
        Assert.Empty(wide);
    }

    [Fact]
    public void A_line_holds_one_statement()
    {
        var crowded = HouseFiles.All().SelectMany(file => Crowded(file, CSharpSyntaxTree.ParseText(HouseFiles.Read(file))));
        Assert.Empty(crowded);
    }

    private static IEnumerable<string> Crowded(string file, SyntaxTree tree)
    {
        foreach (var node in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes())
        {
            SyntaxList<StatementSyntax> statements = node switch
            {
                BlockSyntax block => block.Statements,
                SwitchSectionSyntax section => section.Statements,
                _ => default,
            };
            for (var i = 1; i < statements.Count; i++)
            {
                var line = tree.GetLineSpan(statements[i].Span).StartLinePosition.Line;
                if (tree.GetLineSpan(statements[i - 1].Span).EndLinePosition.Line == line) yield return $"{file}:{line + 1}";
            }
        }
    }
}
