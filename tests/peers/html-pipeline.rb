# Reads comments, a JSON object of Markdown by name, from standard input; writes by the same names whom GitHub would notify
# of each, and the links and images that it would have. GitHub's own html-pipeline (Debian's package ruby-html-pipeline)
# does it: its parser, its allowlist of HTML, its filters for people and for teams.
require "html/pipeline"
require "json"

include HTML

FILTERS = [
  Pipeline::MarkdownFilter,
  Pipeline::SanitizationFilter,
  Pipeline::TeamMentionFilter,
  Pipeline::MentionFilter,
].freeze
PIPELINE = Pipeline.new(FILTERS, base_url: "https://github.com/", gfm: true, unsafe: true)

found = JSON.parse($stdin.read).transform_values do |markdown|
  result = PIPELINE.call(markdown)
  page = result[:output]
  {
    "notified" => result[:mentioned_usernames] + result[:mentioned_teams],
    "links" => page.css("[href], [cite]").map { |each| each["href"] || each["cite"] },
    "images" => page.css("[src], [longdesc]").map { |each| each["src"] || each["longdesc"] },
  }
end
puts JSON.generate(found)
